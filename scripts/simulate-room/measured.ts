// What the model is fed with and checked against: figures of `npm run bench:room`, as docs/benchmarks.md has them.
import type { Costs } from './model.ts';

/** Between objects of one process there is no network. */
export const ONE_PROCESS = { p50: 0, p99: 0 };
/** Between objects of one region, assumed; a room of viewers all over the world pays an ocean once more. */
export const FAR_APART = { p50: 12, p99: 80 };

export const MEASURED_COSTS: Costs = {
  messageMs: 4,
  socketFrameMs: 0.035,
  deliveryMs: 0.3,
  assumedHopMs: ONE_PROCESS,
};

/** Sockets, messages/s, and the p50 and p99 that the bench measured; all in one object. */
export const MEASURED: readonly { sockets: number; messagesPerSecond: number; p50Ms: number; p99Ms: number }[] = [];
