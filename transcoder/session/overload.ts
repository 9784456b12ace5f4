// Keeps the delay bounded when the encoder cannot follow: first input is dropped up to a key frame, then a rung is shed.
import type { Frame } from '../media.ts';

/** How long a frame may wait for its part before input is dropped. */
export const MAX_LAG_MS = 2000;
/** Input flows again, at a key frame, when no more media than this waits: a part and a half cannot come out before more goes in. */
const RESUME_WAITING_MS = 700;
/** After such a silence of the source the age of what waits counts from its return. */
const QUIET_MS = 1000;
/** An encoder that works but needs longer than this for what waits will not follow afterwards either. */
const MAX_DROP_MS = 2000;
/** A second drop within this time means that the ladder is too heavy. */
const SHED_WINDOW_MS = 20_000;
/** Frames that may be on their way through the encoder; beyond, the oldest are forgotten (the lag is far over its limit then). */
const MAX_TRACKED = 4096;

export type OverloadVerdict = 'write' | 'drop' | 'shed';

export interface OverloadOptions {
  hasVideo: boolean;
  canShed: boolean;
  /** Of the run before, which counts as well. */
  lastDropMs: number | null;
}

export class Overload {
  /** Written frames whose part has not come yet: media time and when they were written. */
  #waiting: { mediaMs: number; writtenAtMs: number }[] = [];
  #flowingSinceMs = 0;
  #isDropping = false;
  /** Parts came since the drop began: the encoder is slow, not dead (that is the watchdog's matter). */
  #isWorking = false;
  #lastDropMs: number | null = null;
  #dropped = 0;
  readonly #hasVideo: boolean;
  readonly #canShed: boolean;

  /** `canShed`: false for the last rung, where nothing but dropping is left. */
  constructor({ hasVideo, canShed, lastDropMs }: OverloadOptions) {
    this.#hasVideo = hasVideo;
    this.#canShed = canShed;
    this.#lastDropMs = lastDropMs;
  }

  get lastDropMs(): number | null {
    return this.#lastDropMs;
  }

  get droppedFrames(): number {
    return this.#dropped;
  }

  /**
   * How far the newest part is behind the newest frame that was written. The frames of the part in the making are part of it,
   * so it is never quite 0; a pause of the source is no lag, and neither is the hole that it leaves on the timeline.
   */
  lagMs(nowMs: number): number {
    const oldest = this.#waiting[0];
    if (!oldest) return 0;
    return Math.min(nowMs - Math.max(oldest.writtenAtMs, this.#flowingSinceMs), this.#waitingMs());
  }

  /** More waits than the part in the making, so parts are due whether or not more is written. */
  get isBehind(): boolean {
    return this.#waitingMs() > RESUME_WAITING_MS;
  }

  /** What to do with the next frame. After `shed` the caller starts a new encoder with a new Overload. */
  judge(frame: Frame, nowMs: number): OverloadVerdict {
    const lagMs = this.lagMs(nowMs);
    if (this.#isDropping) {
      const isStart = frame.isKey && (frame.kind === 'video' || !this.#hasVideo);
      if (!isStart || this.isBehind) {
        this.#dropped += 1;
        return this.#isTooSlow(nowMs) ? this.#shed() : 'drop';
      }
      this.#isDropping = false;
    } else if (lagMs > MAX_LAG_MS) {
      const isSecond = this.#canShed && this.#lastDropMs !== null && nowMs - this.#lastDropMs < SHED_WINDOW_MS;
      if (isSecond) return this.#shed();
      this.#lastDropMs = nowMs;
      this.#isDropping = true;
      this.#isWorking = false;
      this.#dropped += 1;
      return 'drop';
    }
    return 'write';
  }

  wrote(frame: Frame, nowMs: number): void {
    if (frame.kind === 'audio' && this.#hasVideo) return;
    if (nowMs - (this.#waiting.at(-1)?.writtenAtMs ?? nowMs) > QUIET_MS) this.#flowingSinceMs = nowMs;
    this.#waiting.push({ mediaMs: frame.dtsMs, writtenAtMs: nowMs });
    if (this.#waiting.length > MAX_TRACKED) this.#waiting.shift();
  }

  /** The slowest rendition has parts up to this media time. */
  reached(mediaMs: number): void {
    this.#isWorking = true;
    const first = this.#waiting.findIndex((entry) => entry.mediaMs >= mediaMs);
    this.#waiting = first === -1 ? [] : this.#waiting.slice(first);
  }

  #isTooSlow(nowMs: number): boolean {
    return this.#canShed && this.#isWorking && this.isBehind && nowMs - (this.#lastDropMs ?? nowMs) > MAX_DROP_MS;
  }

  #shed(): OverloadVerdict {
    this.#lastDropMs = null;
    return 'shed';
  }

  #waitingMs(): number {
    return (this.#waiting.at(-1)?.mediaMs ?? 0) - (this.#waiting[0]?.mediaMs ?? 0);
  }
}
