// The levels of a room as the room keeps them: whom it speaks to, what is handed over when that changes, and how fast people are moved.
import { describe, expect, it, vi } from 'vitest';
import type { Delivery, Order, Taken } from '../../durable-objects/live-room/shard-words.ts';
import { Shards } from '../../durable-objects/live-room/shards.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import { sleep } from '../support/sleep.ts';

/** Shards and hubs that note what they are told, and say how many sit there. */
class FarEnds {
  readonly told = new Map<string, Delivery[]>();
  readonly sits = new Map<number, number>();
  readonly unreachable = new Set<string>();
  /** These answer when it is over. */
  readonly slow = new Map<string, Promise<void>>();
  private stamp = 0;

  get namespace() {
    return {
      idFromName: (name: string) => name,
      get: (name: string) => ({ take: (delivery: Delivery) => this.take(name, delivery) }),
    };
  }

  ordersTo(name: string): Order[] {
    return (this.told.get(name) ?? []).flatMap(({ orders }) => orders);
  }

  private async take(name: string, delivery: Delivery): Promise<Taken> {
    await this.slow.get(name);
    if (this.unreachable.has(name)) throw new Error('It leads nowhere.');
    this.told.set(name, [...(this.told.get(name) ?? []), delivery]);
    this.stamp += 1;
    const { stamp } = this;
    return {
      holding: delivery.shards.map((shard) => ({ shard, sockets: this.sits.get(shard) ?? 0, stamp })),
      isDone: true,
      doneOrder: Number.MAX_SAFE_INTEGER,
    };
  }
}

function shardsOf(farEnds: FarEnds, sizes: { from: number; perShard: number; perHub: number }) {
  const log = { seq: 7, told: { after: () => [] } };
  const env = {
    ROOM_SHARD: farEnds.namespace,
    ROOM_HUB: farEnds.namespace,
    ROOM_SHARD_FROM: `${sizes.from}`,
    ROOM_SHARD_SOCKETS: `${sizes.perShard}`,
    ROOM_HUB_SHARDS: `${sizes.perHub}`,
  };
  const hall = { size: 0, frameIntervalMs: 0 };
  const facts = { read: () => undefined, write: () => undefined };
  const around = { env, log, hall, facts, move: () => undefined, streamId: () => 'st_abcd' as StreamId };
  return { shards: new Shards(around as unknown as ConstructorParameters<typeof Shards>[0]), hall, log, env };
}

/** As the door does: each is placed, and then sits there. */
function come(shards: Shards, farEnds: FarEnds, people: number): void {
  for (let nth = 0; nth < people; nth++) {
    const { shard } = shards.placeFor()!;
    farEnds.sits.set(shard, (farEnds.sits.get(shard) ?? 0) + 1);
  }
}

/** As the room does: those who sit in it are told, and its shards. */
function tell(shards: Shards): void {
  shards.told();
  shards.news();
}

describe('What happens in a room of shards', () => {
  it('is told to all of them in a round, though nobody who sits in the room has been told', async () => {
    const farEnds = new FarEnds();
    const { shards, log, hall } = shardsOf(farEnds, { from: 2, perShard: 2, perHub: 20 });
    hall.frameIntervalMs = 100;
    (shards as unknown as Inside).keep({ opened: 3, isSharded: true, isHubbed: false });
    farEnds.sits.set(0, 2).set(1, 2).set(2, 2);
    shards.remember();
    await sleep(20);
    log.seq += 1;
    shards.news();
    const upTo = () => ['st_abcd/0', 'st_abcd/1', 'st_abcd/2'].map((name) => farEnds.told.get(name)?.length ?? 0);
    await vi.waitFor(() => expect(upTo()).toEqual([2, 2, 2]), 2000);
  });
});

describe('When hubs come between', () => {
  it('the room speaks to them alone, and what a shard had not done goes by its hub, before anything newer', async () => {
    const farEnds = new FarEnds();
    const { shards, hall, log } = shardsOf(farEnds, { from: 2, perShard: 2, perHub: 2 });
    hall.size = 2;
    shards.placeFor();
    hall.size = 0;
    farEnds.sits.set(0, 1);
    come(shards, farEnds, 3);
    tell(shards);
    await sleep(10);
    farEnds.unreachable.add('st_abcd/0');
    let isDone = false;
    const order = shards.orderAll({ type: 'replace', visitId: 'first' }).then(() => {
      isDone = true;
    });
    await sleep(10);
    expect(isDone).toBe(false);
    expect(farEnds.ordersTo('st_abcd/1')).toHaveLength(1);
    // The fifth: more than the room reaches itself.
    come(shards, farEnds, 1);
    log.seq += 1;
    tell(shards);
    await shards.orderAll({ type: 'replace', visitId: 'second' });
    await order;
    const byHub = farEnds.ordersTo('st_abcd/hub/0').map(({ what }) => what.type === 'replace' && what.visitId);
    expect(byHub.indexOf('first')).toBe(0);
    expect(byHub).toContain('second');
    expect(farEnds.ordersTo('st_abcd/0')).toEqual([]);
    const speaksTo = () => [...farEnds.told].map(([name, { length }]) => `${name}: ${length}`);
    const before = speaksTo().filter((name) => !name.includes('hub'));
    log.seq += 1;
    tell(shards);
    await sleep(10);
    expect(speaksTo().filter((name) => !name.includes('hub'))).toEqual(before);
    expect(farEnds.told.get('st_abcd/hub/1')!.at(-1)!.shards).toEqual([2]);
  });
});

interface Inside {
  keep(plan: object): void;
}

describe('When the levels change', () => {
  it.each(['an event', 'the newest counts'])(
    '%s that a shard had not heard goes by its hub, though nothing more is said',
    async (what) => {
      const farEnds = new FarEnds();
      const { shards, log } = shardsOf(farEnds, { from: 2, perShard: 2, perHub: 2 });
      const inside = shards as unknown as Inside;
      inside.keep({ opened: 2, isSharded: true, isHubbed: false });
      farEnds.sits.set(0, 2).set(1, 2);
      tell(shards);
      await sleep(10);
      farEnds.unreachable.add('st_abcd/0');
      if (what === 'an event') {
        log.seq += 1;
        tell(shards);
      } else shards.tally(what);
      await sleep(10);
      inside.keep({ opened: 2, isSharded: true, isHubbed: true });
      // Whatever it is that the room looks at its lines for.
      shards.placeFor();
      await sleep(10);
      const byHub = farEnds.told.get('st_abcd/hub/0') ?? [];
      expect(byHub.at(-1)?.afterSeq).toBe(log.seq);
      if (what !== 'an event') expect(byHub.map(({ tally }) => tally)).toContain(what);
    },
  );
});

describe('What a hub says with every word', () => {
  it('about shards where somebody sits already takes no look at the lines', async () => {
    const farEnds = new FarEnds();
    const { shards, env } = shardsOf(farEnds, { from: 2, perShard: 2, perHub: 20 });
    (shards as unknown as Inside).keep({ opened: 500, isSharded: true, isHubbed: true });
    const holding = (stamp: number) => Array.from({ length: 500 }, (_, shard) => ({ shard, sockets: 2, stamp }));
    shards.holds(holding(1));
    let looks = 0;
    Object.defineProperty(env, 'ROOM_HUB_SHARDS', {
      get: () => {
        looks += 1;
        return '20';
      },
    });
    shards.holds(holding(2));
    expect(looks).toBe(0);
    expect(shards.elsewhere).toBe(1000);
  });
});

describe('Somebody who was erased', () => {
  it.each([
    { isHubbed: false, ends: ['st_abcd/0', 'st_abcd/1'] },
    { isHubbed: true, ends: ['st_abcd/hub/0'] },
  ])('is forgotten where nobody sits any more too (by hubs: $isHubbed)', async ({ isHubbed, ends }) => {
    const farEnds = new FarEnds();
    const { shards } = shardsOf(farEnds, { from: 2, perShard: 2, perHub: 2 });
    (shards as unknown as Inside).keep({ opened: 2, isSharded: true, isHubbed });
    farEnds.sits.set(0, 1);
    tell(shards);
    await sleep(10);
    await shards.orderAll({ type: 'replace', visitId: 'one' });
    await shards.orderAll({ type: 'forget' });
    const reached = new Set<number>();
    for (const end of ends)
      for (const { orders, shards: to } of farEnds.told.get(end)!)
        for (const { what } of orders) if (what.type === 'forget') for (const shard of to) reached.add(shard);
    expect([...reached]).toEqual([0, 1]);
    const replaced = ends
      .flatMap((end) => farEnds.told.get(end)!)
      .filter(({ orders }) => orders[0]?.what.type === 'replace');
    expect(replaced.map(({ shards: to }) => to)).toEqual([[0]]);
  });
});

describe('People are moved', () => {
  it('once, though their shard is late: the others are meanwhile', async () => {
    const farEnds = new FarEnds();
    const { shards, log } = shardsOf(farEnds, { from: 1000, perShard: 200, perHub: 20 });
    (shards as unknown as Inside).keep({ opened: 2, isSharded: true, isHubbed: false });
    farEnds.sits.set(0, 200).set(1, 50);
    tell(shards);
    await sleep(10);
    let isOver = (): void => undefined;
    farEnds.slow.set('st_abcd/0', new Promise((resolve) => (isOver = resolve)));
    for (let nth = 0; nth < 4; nth++) {
      await sleep(210);
      log.seq += 1;
      tell(shards);
    }
    isOver();
    await sleep(10);
    const countsAt = (name: string) =>
      farEnds.ordersTo(name).flatMap(({ what }) => (what.type === 'move' ? [what.count] : []));
    expect(countsAt('st_abcd/0')).toEqual([100]);
    expect(countsAt('st_abcd/1')[0]).toBe(50);
  });

  it('a few at a time, of all shards together, and not more often than it is set', async () => {
    const farEnds = new FarEnds();
    const { shards, log } = shardsOf(farEnds, { from: 300, perShard: 70, perHub: 20 });
    const inside = shards as unknown as { keep(plan: object): void };
    inside.keep({ opened: 3, isSharded: true, isHubbed: false });
    for (const shard of [0, 1, 2]) farEnds.sits.set(shard, 45);
    const asked = () =>
      [0, 1, 2]
        .flatMap((shard) => farEnds.ordersTo(`st_abcd/${shard}`))
        .reduce((sum, { what }) => sum + (what.type === 'move' ? what.count : 0), 0);
    tell(shards);
    await sleep(10);
    // 135 are fewer than half of 300: the room holds them again.
    for (let nth = 0; nth < 10; nth++) {
      log.seq += 1;
      tell(shards);
      await sleep(1);
    }
    expect(asked()).toBe(0);
    await sleep(200);
    for (let nth = 0; nth < 10; nth++) {
      log.seq += 1;
      tell(shards);
      await sleep(1);
    }
    expect(asked()).toBe(100);
  });
});
