// RTMP timestamps have 32 bits of milliseconds and wrap after 49.7 days; and encoders may start anywhere.

/** Makes one growing clock of wrapping timestamps. Jumps pass as they are: the session judges them. */
export class TimestampUnwrapper {
  #lastMs: number | null = null;

  unwrap(timestamp: number): number {
    // Half the range either way, as RFC 1982 compares: audio and video may come slightly out of order at the wrap.
    const unwrapped = this.#lastMs === null ? timestamp : this.#lastMs + ((timestamp - this.#lastMs) | 0);
    this.#lastMs = unwrapped;
    return unwrapped;
  }
}
