// What a session hands to its publisher: publish frames counted from 0; the publisher adds seq and the place the origin gives.
import type { PublishFrame } from '../../src/protocol/ingest.ts';

type WithoutSeq<Frame> = Frame extends { seq: number } ? Omit<Frame, 'seq'> : never;

/** Generations and media sequence numbers count from 0 within the session. */
export type PublishItem = WithoutSeq<PublishFrame>;

/** The frame as the origin reads it. */
export function placeItem(
  item: PublishItem,
  seq: number,
  base: { generation: number; msn: number; shiftMs: number },
): PublishFrame {
  switch (item.type) {
    case 'goodbye':
      return { ...item, seq };
    case 'begin':
      return { ...item, seq, generation: item.generation + base.generation, firstMsn: item.firstMsn + base.msn };
    case 'init':
      return { ...item, seq, generation: item.generation + base.generation };
    case 'segment':
      return { ...item, seq, generation: item.generation + base.generation, msn: item.msn + base.msn };
    case 'chunk':
    case 'gap': {
      const placed = { ...item, seq, generation: item.generation + base.generation, msn: item.msn + base.msn };
      if (placed.programDateTimeMs !== undefined) placed.programDateTimeMs += base.shiftMs;
      return placed;
    }
  }
}
