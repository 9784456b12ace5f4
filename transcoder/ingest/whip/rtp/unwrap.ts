// Turns numbers that wrap (16-bit sequences, 32-bit timestamps) into numbers that only grow.

/** Each value is read as the one nearest to the last; the first one stands as it is, one lap up so that nothing is negative. */
export class Unwrapper {
  readonly #lap: number;
  #last: number | null = null;

  constructor(bits: 16 | 32) {
    this.#lap = 2 ** bits;
  }

  /** The full value, remembered as the newest. */
  next(value: number): number {
    const full = this.peek(value);
    this.#last = full;
    return full;
  }

  /** The full value, not remembered. */
  peek(value: number): number {
    if (this.#last === null) return value + this.#lap;
    const difference = (value - this.#last) % this.#lap;
    const nearest = difference < 0 ? difference + this.#lap : difference;
    return this.#last + (nearest >= this.#lap / 2 ? nearest - this.#lap : nearest);
  }
}
