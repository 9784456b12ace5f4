// When a model that does not answer is left alone: after some failures in a row nobody waits for it, and it is tried again after a pause.

/** So many in a row, and it counts as down. */
export const FAILURES_MAX = 3;
/** So long nobody asks it then. */
export const PAUSE_MS = 30_000;

export class Circuit {
  private failures = 0;
  private nextTryMs = 0;

  get isDown(): boolean {
    return this.failures >= FAILURES_MAX;
  }

  /** When it is worth a try; null: it is not down. */
  get tryAtMs(): number | null {
    return this.isDown ? this.nextTryMs : null;
  }

  /** May it be asked? While it is down one may try after each pause, and the others do not wait. */
  mayAsk(nowMs: number): boolean {
    if (!this.isDown) return true;
    if (nowMs < this.nextTryMs) return false;
    this.nextTryMs = nowMs + PAUSE_MS;
    return true;
  }

  answered(): void {
    this.failures = 0;
  }

  failed(nowMs: number): void {
    this.failures += 1;
    if (this.failures === FAILURES_MAX) this.nextTryMs = nowMs + PAUSE_MS;
  }
}
