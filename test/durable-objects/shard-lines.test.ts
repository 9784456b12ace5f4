// The lines between a room, its hubs and its shards: what is tried again, what is gathered, and what counts once.
import { describe, expect, it } from 'vitest';
import { HubWindow } from '../../durable-objects/live-room/hub-window.ts';
import type { LoggedFrame } from '../../durable-objects/live-room/log-schema.ts';
import { ShardCounts } from '../../durable-objects/live-room/shard-counts.ts';
import type { Order } from '../../durable-objects/live-room/shard-words.ts';
import { TapBook } from '../../durable-objects/live-room/tap-book.ts';
import { TapBox } from '../../durable-objects/live-room/tap-box.ts';
import { Together } from '../../durable-objects/live-room/together.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import { sleep } from '../support/sleep.ts';
import { DONE, FarEnd, fails, frame, LAGS, Log, lineTo } from './far-end.ts';

const removal = (seq: number): LoggedFrame => ({ seq, frame: `{"kind":"removed","seq":${seq}}` });
const order = (number: number): Order => ({ number, what: { type: 'replace', visitId: `v${number}` } });
const told = (number: number): Order => ({
  number,
  what: { type: 'tell', to: 'moderators', frame: { kind: 'bye', retryAfterMs: 0 } as unknown as ServerFrame },
});
describe('The line to a shard', () => {
  it('tries again after a failure, with all that has come meanwhile, in its order', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    await line.offer(log.grow());
    farEnd.answer = fails;
    const done = [line.order(order(101), log.grow()), line.order(order(102), log.grow())];
    await sleep(20);
    farEnd.answer = () => DONE;
    done.push(line.order(order(103), log.grow()));
    await Promise.all(done);
    const [first, failed, again] = farEnd.deliveries;
    expect(farEnd.deliveries).toHaveLength(3);
    // Where it stands is not known at first: it pulls.
    expect(first).toMatchObject({ afterSeq: 1, frames: [] });
    expect(failed!.frames.map(({ seq }) => seq)).toEqual([2]);
    expect(again!.frames.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(again!.orders.map(({ number }) => number)).toEqual([101, 102, 103]);
    expect(line.isDone).toBe(true);
  });

  it('has one delivery under way, so that whoever is slow gets fewer and fuller ones', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    await line.offer(log.grow());
    farEnd.answer = async () => {
      await sleep(30);
      return DONE;
    };
    await Promise.all(Array.from({ length: 20 }, () => line.offer(log.grow())));
    expect(farEnd.seqs).toEqual(Array.from({ length: 20 }, (_, nth) => nth + 2));
    expect(farEnd.deliveries.length).toBeLessThan(5);
  });

  it('lets nobody wait for a shard that cannot be told, and keeps the order for it', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    farEnd.answer = fails;
    await line.order(order(7), log.grow());
    expect(farEnd.deliveries.length).toBe(4);
    farEnd.answer = () => DONE;
    await line.offer(log.grow());
    expect(farEnd.deliveries.at(-1)!.orders.map(({ number }) => number)).toEqual([7]);
    expect(line.isDone).toBe(true);
  }, 10_000);

  it('gives what was not done over to the line that takes its place, and says no more', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    farEnd.answer = fails;
    void line.order(order(1), log.grow());
    void line.order(order(2), log.grow());
    await sleep(20);
    expect(line.retire().map(({ order: { number } }) => number)).toEqual([1, 2]);
    const tries = farEnd.deliveries.length;
    await sleep(300);
    expect(farEnd.deliveries.length).toBe(tries);
  });

  it('tells nothing any more that was waiting when somebody was erased, and still turns away whom it was to', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    farEnd.answer = fails;
    const waiting = line.order(told(1), log.grow());
    void line.order(order(2), log.seq);
    const forgotten = line.order({ number: 3, what: { type: 'forget' } }, log.seq);
    await waiting;
    farEnd.answer = () => DONE;
    await forgotten;
    expect(farEnd.deliveries.at(-1)!.orders.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('that has too much to say lets go of a word for some before it lets go of what sends somebody out', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    farEnd.answer = () => new Promise(() => undefined);
    void line.order(order(1), log.grow());
    for (let number = 2; number <= 10_001; number++) void line.order(told(number), log.seq);
    const kept = line.retire().map(({ order: { number } }) => number);
    expect([kept.length, kept[0], kept[1], kept.at(-1)]).toEqual([10_000, 1, 3, 10_001]);
  });
});

describe('The line to a hub', () => {
  it('says an order again until all shards behind have done it, for the hub may be lost with it; frames are not said again', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    await line.offer(log.grow());
    farEnd.answer = () => LAGS;
    const done = line.order(order(5), log.grow());
    await sleep(20);
    // What is new does not wait for the shard that lags.
    void line.offer(log.grow());
    await sleep(20);
    expect(farEnd.seqs).toEqual([2, 3]);
    expect(line.isDone).toBe(false);
    farEnd.answer = () => DONE;
    await done;
    expect(farEnd.deliveries.slice(1).every(({ orders }) => orders.length === 1)).toBe(true);
    expect(farEnd.seqs).toEqual([2, 3]);
    expect(line.isDone).toBe(true);
  });

  it('lets nobody wait for a shard that lags for long, however much is said meanwhile', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    farEnd.answer = () => LAGS;
    let isSettled = false;
    void line.order(order(5), log.grow()).then(() => {
      isSettled = true;
    });
    for (let nth = 0; nth < 20 && !isSettled; nth++) {
      void line.offer(log.grow());
      await sleep(10);
    }
    expect(isSettled).toBe(true);
    line.retire();
  });
});

describe('The line to a hub of which a shard lags', () => {
  it('does not say again what all behind it have done', async () => {
    const [farEnd, log] = [new FarEnd(), new Log()];
    const line = lineTo(farEnd, log);
    await line.offer(log.grow());
    farEnd.answer = () => ({ ...LAGS, doneOrder: 6 });
    const done = [5, 6].map((number) => line.order(order(number), log.seq));
    void line.order(order(7), log.seq);
    await Promise.all(done);
    void line.offer(log.grow());
    await sleep(20);
    expect(farEnd.deliveries.at(-1)!.orders.map(({ number }) => number)).toEqual([7]);
    line.retire();
  });
});

describe('A hub remembers', () => {
  const seqsOf = (frames: LoggedFrame[] | null) => frames?.map(({ seq }) => seq);

  it('what it was told, and knows how far back', () => {
    const window = new HubWindow();
    window.put({ afterSeq: 10, frames: [frame(11), frame(12)] });
    window.put({ afterSeq: 12, frames: [frame(13)] });
    // The same comes again.
    window.put({ afterSeq: 11, frames: [frame(12), frame(13), frame(14)] });
    expect(seqsOf(window.after(10, 99))).toEqual([11, 12, 13, 14]);
    expect(seqsOf(window.after(12, 1))).toEqual([13]);
    expect(window.after(9, 99)).toBeNull();
    expect(seqsOf(window.between(12, 14))).toEqual([13, 14]);
    // The room has come further than this hub has heard.
    expect(window.between(12, 15)).toBeNull();
    window.put({ afterSeq: 20, frames: [] });
    expect(window.after(14, 99)).toBeNull();
    expect(seqsOf(window.after(20, 99))).toEqual([]);
  });

  it('nothing that was removed: who has not told it asks the room', () => {
    const window = new HubWindow();
    window.put({ afterSeq: 0, frames: [frame(1), frame(2)] });
    window.put({ afterSeq: 2, frames: [frame(3, String.raw`\"kind\":\"removed\"`)] });
    expect(seqsOf(window.after(0, 99))).toEqual([1, 2, 3]);
    window.put({ afterSeq: 3, frames: [frame(4), removal(5)] });
    expect(window.after(2, 99)).toBeNull();
    expect(seqsOf(window.after(3, 99))).toEqual([4, 5]);
    window.put({ afterSeq: 5, frames: [{ seq: 6, frame: '{"kind":"cleared","seq":6,"upToSeq":5}' }] });
    expect(window.after(4, 99)).toBeNull();
    expect(seqsOf(window.after(5, 99))).toEqual([6]);
    window.forget();
    expect(window.after(5, 99)).toBeNull();
    expect(seqsOf(window.after(6, 99))).toEqual([]);
  });

  it('a bounded number of frames', () => {
    const window = new HubWindow();
    for (let seq = 1; seq <= 1500; seq++) window.put({ afterSeq: seq - 1, frames: [frame(seq)] });
    expect(window.after(499, 9999)).toBeNull();
    expect(window.after(500, 9999)).toHaveLength(1000);
  });
});

describe('Reactions', () => {
  it('are the same parcel when they are brought again, and one that comes twice counts once', async () => {
    const book = new TapBook();
    const counted: number[] = [];
    let tries = 0;
    const box = new TapBox(async (parcel) => {
      tries += 1;
      for (const { counts } of book.fresh([parcel])) counted.push(counts.heart ?? 0);
      // Counted, and the answer is lost.
      if (tries === 1) throw new Error('The hub was lost.');
    });
    box.put({ counts: { heart: 3 }, mediaTimeMs: undefined });
    box.put({ counts: { heart: 2 }, mediaTimeMs: undefined });
    await sleep(300);
    box.put({ counts: { heart: 4 }, mediaTimeMs: undefined });
    await sleep(1300);
    expect(counted).toEqual([5, 4]);
    expect(tries).toBe(3);
  });
});

describe('What is gathered', () => {
  it('goes together while one call is under way, and each hears whether its own was brought', async () => {
    const brought: number[][] = [];
    const together = new Together<number>(async (items) => {
      brought.push(items);
      await sleep(10);
      if (items.includes(4)) throw new Error('lost');
    });
    const first = together.put([1]);
    await sleep(1);
    const others = Promise.allSettled([together.put([2]), together.put([3])]);
    await first;
    expect((await others).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const [lost, last] = await Promise.allSettled([together.put([4]), sleep(1).then(() => together.put([5]))]);
    expect([lost.status, last.status]).toEqual(['rejected', 'fulfilled']);
    expect(brought).toEqual([[1], [2, 3], [4], [5]]);
  });

  it('of two words about how many a shard holds is the later one, whichever comes first', () => {
    const counts = new ShardCounts();
    expect(counts.isAwake(3)).toBe(true);
    counts.put({ shard: 3, sockets: 2, stamp: 20 });
    counts.put({ shard: 3, sockets: 0, stamp: 10 });
    expect(counts.of(3)).toBe(2);
    counts.put({ shard: 3, sockets: 0, stamp: 30 });
    expect(counts.isAwake(3)).toBe(false);
    counts.expect(3);
    expect(counts.isAwake(3)).toBe(true);
    expect(counts.sum).toBe(1);
  });

  it('keeps those in mind who are on the way, although a hub says again what it has said', () => {
    const counts = new ShardCounts();
    counts.put({ shard: 3, sockets: 2, stamp: 20 });
    counts.expect(3);
    counts.put({ shard: 3, sockets: 2, stamp: 20 });
    expect(counts.of(3)).toBe(3);
    counts.put({ shard: 3, sockets: 3, stamp: 21 });
    expect(counts.of(3)).toBe(3);
  });
});
