// How soon an encoder that failed is started again, and when to give up.

const STRIKES = 3;
const WINDOW_MS = 60_000;
/** The first restart is at once: viewers wait for it. */
const BACK_OFF_MS = [0, 500];

export type RestartVerdict = { type: 'restart'; delayMs: number } | { type: 'give-up'; failures: number };

export class Restarts {
  #failures: number[] = [];

  /** An encoder has failed: the third time within a minute is the last. */
  failed(nowMs: number): RestartVerdict {
    this.#failures = this.#failures.filter((at) => nowMs - at < WINDOW_MS);
    const delayMs = BACK_OFF_MS[this.#failures.length] ?? 0;
    this.#failures.push(nowMs);
    if (this.#failures.length >= STRIKES) return { type: 'give-up', failures: this.#failures.length };
    return { type: 'restart', delayMs };
  }
}
