// What the model is fed with, in part estimated, and what it is checked against: figures of `npm run bench:room`, as docs/benchmarks.md has them.
import type { Costs } from './model.ts';

/** Between objects of one process there is no network. */
export const ONE_PROCESS = { p50: 0, p99: 0 };
/** Between objects of one region, assumed; a room of viewers all over the world pays an ocean once more. */
export const FAR_APART = { p50: 12, p99: 80 };

/** The frame to a socket was measured; a message and a delivery are estimates. */
export const MEASURED_COSTS: Costs = {
  messageMs: 4,
  socketFrameMs: 0.035,
  deliveryMs: 0.3,
  assumedHopMs: ONE_PROCESS,
};

export interface MeasuredRoom {
  sockets: number;
  messagesPerSecond: number;
  /** In shards, which share the one thread of the process; if not, in one object. */
  isSharded: boolean;
  p50Ms: number;
  p99Ms: number;
}

export const MEASURED: readonly MeasuredRoom[] = [
  { sockets: 1000, messagesPerSecond: 20, isSharded: false, p50Ms: 95, p99Ms: 196 },
  { sockets: 1000, messagesPerSecond: 50, isSharded: false, p50Ms: 99, p99Ms: 218 },
  { sockets: 5000, messagesPerSecond: 50, isSharded: true, p50Ms: 221, p99Ms: 471 },
  { sockets: 9000, messagesPerSecond: 50, isSharded: true, p50Ms: 322, p99Ms: 608 },
];
