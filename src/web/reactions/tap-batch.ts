// Gathers taps into frames that the room takes: at most one every quarter of a second, bounded, the rest in the next. Pure.
import { type ReactionName, TAPS_PER_FRAME_MAX } from '../../protocol/chat/reaction-words.ts';
import type { ReactionCounts } from '../../protocol/chat/reactions.ts';

export const SEND_EVERY_MS = 250;
/** Who taps faster than the room takes loses what is beyond this. */
const WAITING_MAX = 60;

export interface TapBatch {
  waiting: readonly ReactionName[];
  sentAtMs: number;
}

export const NO_TAPS: TapBatch = { waiting: [], sentAtMs: 0 };

export const tapped = (batch: TapBatch, kind: ReactionName): TapBatch =>
  batch.waiting.length >= WAITING_MAX ? batch : { ...batch, waiting: [...batch.waiting, kind] };

/** What may go now; null: nothing yet. */
export function taken(
  batch: TapBatch,
  nowMs: number,
  perFrame = TAPS_PER_FRAME_MAX,
): { batch: TapBatch; counts: ReactionCounts } | null {
  if (batch.waiting.length === 0 || nowMs < batch.sentAtMs + SEND_EVERY_MS) return null;
  const counts: ReactionCounts = {};
  for (const kind of batch.waiting.slice(0, perFrame)) counts[kind] = (counts[kind] ?? 0) + 1;
  return { batch: { waiting: batch.waiting.slice(perFrame), sentAtMs: nowMs }, counts };
}
