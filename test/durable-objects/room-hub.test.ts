// A room so big that hubs stand between it and its shards, and nobody in it can tell.
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { ShardCounts } from '../../durable-objects/live-room/shard-counts.ts';
import { readCloseReason } from '../../src/protocol/chat/closing.ts';
import { randomFrom } from '../support/random.ts';
import { sleep } from '../support/sleep.ts';
import { type Opened, person } from './room-guest.ts';
import {
  allHearEachOther,
  crowd,
  hubAt,
  levelOf,
  loseHub,
  makeSmall,
  openSmallRoom,
  say,
  settled,
  shardAt,
  Visitor,
} from './shard-guest.ts';

/** Two sockets a shard, three shards a hub: shards from the fourth socket on and down to the second, hubs from the seventh and down to the third. */
const HUGE = { from: 4, perShard: 2, perHub: 3 };
const PEOPLE = 9;
const SHARDS = 8;

/** Everybody sits in shards behind hubs. */
async function hugeRoom(people = PEOPLE): Promise<{ opened: Opened; visitors: Visitor[] }> {
  const opened = await openSmallRoom(HUGE);
  const visitors = await crowd(opened, people);
  const isThere = (counts: number[]) => counts[0] === 0 && counts.reduce((sum, count) => sum + count) === people;
  await settled(opened, visitors, isThere, SHARDS);
  // Everybody sits where they stay, and is told something there.
  await opened.room.say(opened.place, opened.owner, { clientId: 'begin', text: 'Let us begin' });
  for (const visitor of visitors) await visitor.hears('Let us begin');
  await until(async () => (await hubsOf(opened)).includes(1));
  return { opened, visitors };
}

/** By which hub each shard was spoken to last; null: by the room itself, or nobody has sat there. */
async function hubsOf(opened: Opened): Promise<(number | null)[]> {
  const hubs: (number | null)[] = [];
  for (let index = 0; index < SHARDS; index++) {
    const kept = await runInDurableObject(shardAt(opened, index), (_shard, { storage }) =>
      storage.kv.get<{ hub?: number | null }>('kept'),
    );
    hubs.push(kept?.hub ?? null);
  }
  return hubs;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const untilMs = Date.now() + 8000; !(await isSo()); await sleep(30))
    if (Date.now() > untilMs) throw new Error(`It never came to that: ${isSo}`);
}

/** As a client does: what got no answer before the socket closed is said again. */
async function insist(speaker: Visitor, text: string): Promise<void> {
  const clientId = text.replaceAll(' ', '');
  const isTaken = () => speaker.client.heard.some((frame) => frame.kind === 'accepted' && frame.clientId === clientId);
  for (;;) {
    await speaker.keepUp();
    const { client } = speaker;
    client.send(say(clientId, text));
    await client.until(() => client.closed !== null || isTaken(), text);
    if (isTaken()) return;
  }
}

const NAMES = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen', 'ibis', 'jay'];
const lineOf = (nth: number): string => `The tale of the ${NAMES[nth % 10]} and the ${NAMES[Math.floor(nth / 10)]}`;

describe('A room that grows beyond its shards', () => {
  it('is told by hubs, everybody hears everything once, in one order, and it shrinks as it grew', async () => {
    const { opened, visitors } = await hugeRoom();
    await allHearEachOther(visitors, [visitors[0]!, visitors[4]!, visitors[8]!], 'a');
    const staying = visitors.splice(2);
    for (const { client } of staying) {
      client.close();
      await client.until(() => client.closed !== null, 'closed');
    }
    // Two are left: below all the numbers that keep a level up.
    visitors.push(await staying[0]!.comeIn());
    const counts = await settled(opened, visitors, (sitting) => sitting.slice(3).every((count) => count === 0), SHARDS);
    expect(counts.slice(3)).toEqual(Array(SHARDS - 2).fill(0));
    await allHearEachOther(visitors, visitors, 'b');
  });

  it('changes its levels up and down while people speak, and nothing is lost, doubled or out of order', {
    timeout: 40_000,
  }, async () => {
    const opened = await openSmallRoom(HUGE);
    const speaker = await new Visitor(opened, opened.owner).comeIn();
    const witness = await new Visitor(opened, await person()).comeIn();
    const lines: string[] = [];
    let isOver = false;
    const spoken = (async () => {
      while (!isOver) {
        lines.push(lineOf(lines.length));
        await insist(speaker, lines.at(-1)!);
        await witness.keepUp();
        await sleep(150);
      }
    })();
    const others: Visitor[] = [];
    // They come back where they are asked away, as clients do.
    const staying = (async () => {
      for (; !isOver; await sleep(30))
        for (const other of [...others]) if (others.includes(other)) await other.keepUp().catch(() => undefined);
    })();
    for (let round = 0; round < 2; round++) {
      const leave = (count: number) => others.splice(0, count).map(({ client }) => client.close());
      while (others.length < 7) others.push(await new Visitor(opened, await person()).comeIn());
      await until(async () => (await levelOf(opened)) === 'shards by hubs');
      await until(async () => (await hubsOf(opened)).includes(1));
      leave(6);
      await until(async () => (await levelOf(opened)) !== 'shards by hubs');
      leave(1);
      await until(async () => (await levelOf(opened)) === 'room');
    }
    await sleep(500);
    isOver = true;
    await Promise.all([spoken, staying]);
    for (const visitor of [speaker, witness]) {
      await visitor.hears(lines.at(-1)!);
      expect(visitor.texts).toEqual(lines);
      expect(new Set(visitor.seqs).size).toBe(visitor.seqs.length);
    }
    expect(witness.returns).toBeGreaterThan(1);
  });
});

describe('Behind a hub', () => {
  it('nothing is lost, doubled or out of order when hubs lose their memory, or are lost, in the middle of it', {
    timeout: 20_000,
  }, async () => {
    const { opened, visitors } = await hugeRoom();
    const speaker = await new Visitor(opened, opened.owner).comeIn();
    visitors.push(speaker);
    for (const visitor of visitors) await visitor.keepUp();
    const random = randomFrom(4);
    const lines = Array.from({ length: 24 }, (_, nth) => lineOf(nth));
    let evictions = 0;
    const evict = (hub: number) => evictDurableObject(hubAt(opened, hub)).then(() => (evictions += 1));
    for (const [nth, text] of lines.entries()) {
      // Nothing is waited for: two words of one mouth may be under way.
      speaker.client.send(say(`tale${nth}`, text));
      if (nth % 2 === 0) speaker.client.send(say(`tale${nth}`, text));
      const hub = Math.floor(random() * 2);
      if (nth % 3 === 0) await loseHub(opened, hub);
      else if (nth % 3 === 1) await evict(hub).catch(() => undefined);
      await sleep(110);
    }
    // One that has something under way may refuse; not all of them.
    expect(evictions).toBeGreaterThan(0);
    for (const visitor of visitors) {
      await visitor.hears(lines.at(-1)!);
      expect(visitor.texts.filter((text) => lines.includes(text))).toEqual(lines);
      expect(new Set(visitor.seqs).size).toBe(visitor.seqs.length);
      // A hub holds no sockets: nobody had to come back for it.
      expect(visitor.client.closed).toBeNull();
    }
  });

  it('the room, a hub and a shard may lose their memory together', async () => {
    const { opened, visitors } = await hugeRoom();
    await evictDurableObject(shardAt(opened, 2));
    await loseHub(opened, 1);
    await evictDurableObject(opened.room);
    await makeSmall(opened, HUGE);
    await allHearEachOther(visitors, [visitors[8]!, visitors[0]!], 'c');
    expect(await hubsOf(opened)).toContain(1);
  });

  it('whoever is banned is not heard from that moment on, and whoever is turned away is out at once', async () => {
    const { opened, visitors } = await hugeRoom();
    const loud = visitors[8]!;
    const restraint = { effect: 'refuse' as const, atMs: Date.now(), untilMs: null };
    const ban = { userId: loud.who.id, scope: 'channel' as const, removeMessages: true, atMs: Date.now(), restraint };
    await allHearEachOther(visitors, [loud], 'd');
    await opened.room.restrained(opened.owner, ban);
    loud.client.send(say('after', 'Once more'));
    await loud.client.hears('refused', ({ clientId }) => clientId === 'after');
    for (const { client } of visitors) await client.hears('removed');
    const fromMs = Date.now();
    await opened.room.turnAway({ userId: loud.who.id }, 'signed_out');
    await loud.client.until(() => loud.client.closed !== null, 'closed');
    expect(Date.now() - fromMs).toBeLessThan(1000);
    expect(readCloseReason(loud.client.closed!.reason)?.closing).toBe('signed_out');
    const others = visitors.slice(0, 8);
    await allHearEachOther(others, [others[0]!], 'e');
    for (const { texts } of others) expect(texts).not.toContain('Once more');
  });

  it('whoever was turned away is out although their hub was lost with the order', async () => {
    const { opened, visitors } = await hugeRoom();
    const gone = visitors[8]!;
    const turned = opened.room.turnAway({ userId: gone.who.id }, 'roles_changed');
    await Promise.all([0, 1].map((hub) => loseHub(opened, hub)));
    await turned;
    await gone.client.until(() => gone.client.closed !== null, 'closed');
    expect(readCloseReason(gone.client.closed!.reason)?.closing).toBe('roles_changed');
    const others = visitors.slice(0, 8);
    await allHearEachOther(others, [others[7]!], 'g');
  });

  it('reactions are counted exactly, each once, although hubs are lost with them', async () => {
    const { opened, visitors } = await hugeRoom();
    for (const visitor of visitors) await visitor.keepUp();
    for (let round = 0; round < 3; round++) {
      for (const { client } of visitors) client.send({ kind: 'react', counts: { heart: 4, fire: 2 } });
      await sleep(190);
      await loseHub(opened, round % 2);
    }
    for (const { client } of visitors)
      await client.hears('tally', ({ tally: { reactions } }) => reactions.heart === 108 && reactions.fire === 54);
    await sleep(1500);
    const { reactions } = await opened.room.tally(opened.place, null);
    expect(reactions).toMatchObject({ heart: 108, fire: 54 });
  });

  it('a refusal comes back to who asked, and what is missing is told again', async () => {
    const { visitors } = await hugeRoom();
    const { client } = visitors[8]!;
    client.send(say('once', 'Only once'));
    const first = await client.hears('accepted');
    client.send(say('once', 'Only once'));
    await client.until(() => client.heard.filter(({ kind }) => kind === 'accepted').length === 2, 'a second answer');
    expect(client.heard.filter(({ kind }) => kind === 'accepted')).toEqual([first, first]);
    client.send({ kind: 'delete', messageId: 'ms_nothing00' });
    await client.hears('refused');
    client.send({ kind: 'resume', afterSeq: first.seq - 1 });
    const again = await client.hears('resumed');
    expect(again.events.map(({ seq }) => seq)).toContain(first.seq);
  });

  it('what is held is told to moderators, and nobody else; its author hears what was decided', async () => {
    const { opened, visitors } = await hugeRoom(8);
    const moderator = await new Visitor(opened, await person('channel_moderator')).comeIn();
    const author = visitors[6]!;
    author.client.send(say('doubt', 'see http://unknown.example/x'));
    await moderator.client.hears('held', ({ line }) => line.author?.id === author.who.id);
    const [line] = await opened.room.waiting(opened.place);
    await opened.room.decide(opened.place, moderator.who, { messageId: line!.id, decision: 'denied' });
    await moderator.client.hears('decided');
    await author.client.hears('refused', ({ clientId }) => clientId === 'doubt');
    for (const { client } of visitors) expect(client.heard.map(({ kind }) => kind)).not.toContain('held');
  });

  it('nothing that a hub remembers names somebody who was erased', async () => {
    const { opened, visitors } = await hugeRoom();
    const erased = visitors[8]!;
    await allHearEachOther(visitors, [erased], 'h');
    const names = (hub: number) =>
      runInDurableObject(hubAt(opened, hub), (inside) =>
        JSON.stringify((inside as unknown as { window: object }).window).includes(erased.who.id),
      );
    expect(await names(0)).toBe(true);
    await opened.room.forget([erased.who.id]);
    await until(async () => !(await names(0)) && !(await names(1)));
  });

  it('nothing that a hub remembers names somebody who was erased, though everybody has left its shards', async () => {
    const { opened, visitors } = await hugeRoom();
    const erased = visitors[0]!;
    await allHearEachOther(visitors, [erased], 'i');
    const isNamed = () =>
      runInDurableObject(hubAt(opened, 1), (inside) =>
        JSON.stringify((inside as unknown as { window: object }).window).includes(erased.who.id),
      );
    const sitting = async (): Promise<string> => {
      const seats = [3, 4, 5].map((shard) =>
        runInDurableObject(shardAt(opened, shard), (_shard, ctx) =>
          ctx.getWebSockets().map((socket) => socket.deserializeAttachment()),
        ),
      );
      return JSON.stringify(await Promise.all(seats));
    };
    const behind = await sitting();
    for (const { client, who } of visitors) if (behind.includes(who.id)) client.close();
    await until(() =>
      runInDurableObject(opened.room, (room) => {
        const { counts } = (room as unknown as { keeper: { telling: { shards: { counts: ShardCounts } } } }).keeper
          .telling.shards;
        return [3, 4, 5].every((shard) => counts.of(shard) === 0);
      }),
    );
    expect(await levelOf(opened)).toBe('shards by hubs');
    expect(await isNamed()).toBe(true);
    await opened.room.forget([erased.who.id]);
    await until(async () => !(await isNamed()));
  });

  it('a cut is forgiven by the resume token, wherever one sits afterwards', async () => {
    const { opened, visitors } = await hugeRoom();
    const cut = visitors[8]!;
    cut.client.close();
    await cut.client.until(() => cut.client.closed !== null, 'closed');
    await opened.room.say(opened.place, opened.owner, { clientId: 'meanwhile', text: 'Said meanwhile' });
    await allHearEachOther(visitors, [visitors[1]!], 'f');
    expect(cut.texts).toContain('Said meanwhile');
    expect(cut.returns).toBeGreaterThan(0);
  });
});
