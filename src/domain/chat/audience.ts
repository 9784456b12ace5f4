// What the size of a room decides: how long events are gathered, and over how long people come back.

/** A frame to one socket costs some 35 us whatever its size, so big rooms get fewer and fuller ones. */
const INTERVALS = [
  { below: 200, ms: 0 },
  { below: 2000, ms: 100 },
] as const;
/** Beyond, shards of 2,000 hold the sockets: four frames a second take a third of the time of one. */
const LONGEST_MS = 250;

/** 0: every event is sent at once. */
export const frameIntervalMs = (sockets: number): number =>
  INTERVALS.find(({ below }) => sockets < below)?.ms ?? LONGEST_MS;

/** A tally is no longer than a second behind, and no more often than this. */
const TICKS = [
  { below: 2000, ms: 250 },
  { below: 5000, ms: 500 },
] as const;
const LONGEST_TICK_MS = 1000;

/** Between two tallies. */
export const tickMs = (sockets: number): number => TICKS.find(({ below }) => sockets < below)?.ms ?? LONGEST_TICK_MS;

/** So many may come back in a second. */
const RETURNS_PER_SECOND = 500;

/** A room that sends everybody away spreads them. */
export const retryWindow = (sockets: number): { fromMs: number; toMs: number } => ({
  fromMs: 250,
  toMs: 250 + Math.max(1000, Math.ceil((sockets * 1000) / RETURNS_PER_SECOND)),
});
