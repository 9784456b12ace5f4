// What is told to whom, in one order, read by its number from the log and from what single people are told alone.
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { RoomLog } from '../../durable-objects/live-room/log.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { openRoom } from './room-guest.ts';
import { saidLine } from './said-line.ts';

const BEN = 'us_ben0' as UserId;
const ADA = 'us_ada0' as UserId;

it('gives each reader what is for them, in one order', async () => {
  const { room } = await openRoom();
  await runInDurableObject(room, (_room, { storage }) => {
    const log = new RoomLog(storage.sql);
    const all = (seq: number, id?: string) =>
      log.keep({ type: 'toEverybody', event: saidLine(seq, id), keys: null, trace: null }, null);
    const alone = (seq: number) =>
      log.keep({ type: 'toAuthor', authorId: BEN, event: saidLine(seq), keys: null, trace: null }, null);
    all(1);
    alone(2);
    all(3);
    alone(4);
    // What ben said alone as number 2, approved.
    all(5, 'ms_2');
    const { told } = log;
    const seqs = (frames: { seq: number }[]) => frames.map(({ seq }) => seq);
    expect(seqs(told.after(0, 10))).toEqual([1, 2, 3, 4, 5]);
    expect(told.after(1, 1)).toMatchObject([{ seq: 2, onlyFor: BEN }]);
    expect(told.after(4, 9)).toMatchObject([{ seq: 5, notFor: BEN }]);
    for (const reader of [null, ADA]) expect(seqs(told.afterFor(reader, 0, 10))).toEqual([1, 3, 5]);
    expect(seqs(told.afterFor(BEN, 1, 10))).toEqual([2, 3, 4]);
    expect(seqs(told.afterFor(BEN, 1, 2))).toEqual([2, 3]);
    // One who is told much alone does not empty what others are told.
    expect(seqs(told.newestFor(ADA, 2))).toEqual([3, 5]);
    expect(seqs(told.newestFor(BEN, 2))).toEqual([3, 4]);
    expect(told.atMsOf(4)).toBe(4000);
    expect(told.hasOld).toBe(true);
  });
});
