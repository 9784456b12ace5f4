// The clock of a node: Unix time that never jumps, because every limit and every capture time of a broadcast hangs on it.

export interface SteadyClock {
  /** Unix ms. */
  now(): number;
  /** Takes over a correction of the machine's clock; to be called while nobody is on air. */
  adjust(): void;
}

/** Set by `wall` (Unix ms) at the start and by `adjust`, and driven by `monotonic` (ms from anywhere) in between. */
export function createSteadyClock(wall: () => number, monotonic: () => number): SteadyClock {
  let offsetMs = wall() - monotonic();
  return {
    now: () => monotonic() + offsetMs,
    adjust: () => {
      offsetMs = wall() - monotonic();
    },
  };
}
