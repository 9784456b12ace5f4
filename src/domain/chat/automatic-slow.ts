// The slow mode that a room puts on by itself while too much is said at once, and takes off when it is calm again.

/** More than anybody reads; measured over a window. */
export const BUSY_PER_SECOND = 80;
const WINDOW_MS = 5000;
/** So long below half of that, and it is over. */
const CALM_MS = 30_000;
const FIRST_SECONDS = 5;
const MAX_SECONDS = 120;

export class AutomaticSlow {
  seconds: number;
  private windowFromMs: number | null = null;
  private count = 0;
  private calmSinceMs: number | null = null;

  constructor(seconds = 0) {
    this.seconds = seconds;
  }

  /** One message was taken. True: the seconds have changed. */
  messageCame(nowMs: number): boolean {
    const hasChanged = this.timePassed(nowMs);
    this.count += 1;
    return hasChanged;
  }

  /** True: the seconds have changed. */
  timePassed(nowMs: number): boolean {
    if (this.windowFromMs === null) {
      this.windowFromMs = nowMs;
      return false;
    }
    const elapsedMs = nowMs - this.windowFromMs;
    if (elapsedMs >= 0 && elapsedMs < WINDOW_MS) return false;
    const perSecond = (this.count * 1000) / Math.max(WINDOW_MS, elapsedMs);
    this.windowFromMs = nowMs;
    this.count = 0;
    return this.adjust(perSecond, nowMs);
  }

  /** When to look again, if nothing comes; null: there is nothing to take off. */
  get nextLookMs(): number | null {
    return this.seconds > 0 ? (this.windowFromMs ?? 0) + WINDOW_MS : null;
  }

  private adjust(perSecond: number, nowMs: number): boolean {
    const before = this.seconds;
    if (perSecond > BUSY_PER_SECOND) {
      this.calmSinceMs = null;
      this.seconds = Math.min(MAX_SECONDS, this.seconds === 0 ? FIRST_SECONDS : this.seconds * 2);
    } else if (perSecond > BUSY_PER_SECOND / 2) {
      this.calmSinceMs = null;
    } else if (this.seconds > 0) {
      this.calmSinceMs ??= nowMs;
      if (nowMs - this.calmSinceMs >= CALM_MS) {
        this.seconds = 0;
        this.calmSinceMs = null;
      }
    }
    return this.seconds !== before;
  }
}
