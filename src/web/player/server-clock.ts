// What time it is at the edge, from answers that carry it: the quickest answer is the truest.

/** Answers kept; the best of them counts. */
const MAX_SAMPLES = 8;

export interface ServerClock {
  samples: readonly { roundTripMs: number; offsetMs: number }[];
}

export const startServerClock = (): ServerClock => ({ samples: [] });

/** An answer that was asked for at `sentMs`, came at `receivedMs` (local) and says `serverTimeMs`. */
export function noteServerTime(
  clock: ServerClock,
  { sentMs, receivedMs, serverTimeMs }: { sentMs: number; receivedMs: number; serverTimeMs: number },
): ServerClock {
  const roundTripMs = receivedMs - sentMs;
  const sample = { roundTripMs, offsetMs: serverTimeMs - (sentMs + roundTripMs / 2) };
  return { samples: [...clock.samples, sample].slice(-MAX_SAMPLES) };
}

/** Server time minus local time; 0 while nothing is known. An answer from a cache is late, never early: the largest of the quick ones wins. */
export function serverOffsetMs(clock: ServerClock): number {
  if (clock.samples.length === 0) return 0;
  const quickest = Math.min(...clock.samples.map(({ roundTripMs }) => roundTripMs));
  const quick = clock.samples.filter(({ roundTripMs }) => roundTripMs <= quickest + 30);
  return Math.max(...quick.map(({ offsetMs }) => offsetMs));
}
