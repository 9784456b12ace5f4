// The line from a shard to its room, straight or by its hub: what waits for what, and who asks again.
import { describe, expect, it } from 'vitest';
import { RoomLine } from '../../durable-objects/live-room/room-line.ts';
import type { ShardAsk } from '../../durable-objects/live-room/shard-words.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import { sleep } from '../support/sleep.ts';

const said = (visitId: string) => ({
  type: 'said' as const,
  visitId,
  frame: { kind: 'delete' as const, messageId: 'ms_abcdefgh01' } as never,
});
const pull = { type: 'pull' as const, afterSeq: 0, upToSeq: 1 };

/** The room and its hub: who was asked what, and what becomes of it. */
class Above {
  readonly asked: string[] = [];
  answer: (where: string, ask: ShardAsk) => Promise<unknown> = async () => [];
  hub: number | null = null;
  line(random: (() => number) | null): RoomLine {
    const namespace = {
      idFromName: (name: string) => name,
      get: (name: string) => ({
        fromShard: (ask: ShardAsk) => {
          this.asked.push(`${name} ${ask.type}${ask.type === 'said' ? ` ${ask.visitId}` : ''}`);
          return this.answer(name, ask);
        },
      }),
    };
    const env = { LIVE_ROOM: namespace, ROOM_HUB: namespace } as unknown as ConstructorParameters<typeof RoomLine>[0];
    return new RoomLine(env, () => ({ streamId: 'st_abcd' as StreamId, hub: this.hub, holding: [] }), random);
  }
}

describe('When a shard speaks by another way', () => {
  it('what was said comes after what was said before, and what is only read does not wait for that', async () => {
    const above = new Above();
    const line = above.line(() => 0);
    let judged = (_answers: unknown[]): void => undefined;
    above.answer = (where) =>
      where === 'st_abcd' ? new Promise((resolve) => (judged = resolve)) : Promise.resolve([]);
    const first = line.ask(said('one'));
    above.hub = 0;
    const second = line.ask(said('two'));
    await line.ask(pull);
    await line.ask({ type: 'again', afterSeq: 0, userId: null });
    expect(above.asked).toEqual(['st_abcd said one', 'st_abcd/hub/0 pull', 'st_abcd/hub/0 again']);
    judged([]);
    await Promise.all([first, second]);
    expect(above.asked.at(-1)).toBe('st_abcd/hub/0 said two');
  });

  it('nothing waits for what was only read by the old one', async () => {
    const above = new Above();
    const line = above.line(() => 0);
    above.answer = (where) => (where === 'st_abcd' ? new Promise(() => undefined) : Promise.resolve([]));
    void line.ask(pull);
    above.hub = 0;
    await line.ask(said('one'));
    expect(above.asked.at(-1)).toBe('st_abcd/hub/0 said one');
  });
});

describe('When the room cannot be reached', () => {
  const fails = () => Promise.reject(new Error('It leads nowhere.'));

  it('a shard asks three times, with a pause that chance makes longer, and then says why', async () => {
    for (const [chance, atLeastMs, atMostMs] of [
      [0, 245, 450],
      [1, 495, 900],
    ] as const) {
      const above = new Above();
      above.answer = fails;
      const fromMs = Date.now();
      await expect(above.line(() => chance).ask(pull)).rejects.toThrow('It leads nowhere.');
      const tookMs = Date.now() - fromMs;
      expect(above.asked).toHaveLength(3);
      expect(tookMs).toBeGreaterThanOrEqual(atLeastMs);
      expect(tookMs).toBeLessThan(atMostMs);
    }
  });

  it('a hub passes it on once: its shards ask again', async () => {
    const above = new Above();
    above.answer = fails;
    await expect(above.line(null).ask(said('one'))).rejects.toThrow('It leads nowhere.');
    expect(above.asked).toHaveLength(1);
  });

  it('reactions are brought once: the box that they are in is brought again', async () => {
    const above = new Above();
    above.answer = fails;
    await expect(above.line(() => 0).ask({ type: 'tapped', parcels: [] })).rejects.toThrow('It leads nowhere.');
    expect(above.asked).toHaveLength(1);
  });

  it('what was said keeps its order, and what is said meanwhile comes after it', async () => {
    const above = new Above();
    const line = above.line(() => 0);
    above.answer = fails;
    const all = [line.ask(said('one')), line.ask(said('two'))];
    await sleep(10);
    above.answer = async () => [];
    all.push(line.ask(said('three')));
    await Promise.all(all);
    expect(above.asked.slice(2)).toEqual(['st_abcd said one', 'st_abcd said two', 'st_abcd said three']);
  });
});
