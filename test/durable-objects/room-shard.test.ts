// A room that has grown: shards hold its sockets, and nobody in it can tell.
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { LiveRoom } from '../../durable-objects/live-room.ts';
import { readCloseReason } from '../../src/protocol/chat/closing.ts';
import { randomFrom } from '../support/random.ts';
import { knock, type Opened, person, ticketFor } from './room-guest.ts';
import {
  allHearEachOther,
  crowd,
  FROM,
  makeSmall,
  openSmallRoom,
  say,
  settled,
  shardAt,
  Visitor,
} from './shard-guest.ts';

const holdAtMost = (opened: Opened, sockets: string): Promise<void> =>
  runInDurableObject(opened.room, (room) => {
    Object.defineProperty(room, 'env', { value: { ...env, ROOM_SOCKETS_MAX: sockets } });
  });

interface Inside {
  welcomed(...asked: unknown[]): Promise<unknown>;
}

/** Once: the next who is welcomed has been counted in and greeted, and does not sit yet. */
const afterWelcome = (opened: Opened, then: (room: LiveRoom) => Promise<unknown>): Promise<void> =>
  runInDurableObject(opened.room, (room) => {
    const inside = room as unknown as Inside;
    const welcomed = inside.welcomed.bind(room);
    inside.welcomed = async (...asked) => {
      inside.welcomed = welcomed;
      const welcome = await welcomed(...asked);
      await then(room);
      return welcome;
    };
  });

describe('A room that grows', () => {
  it('moves its sockets to shards while it is live, and everybody hears everything once, in one order', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 12);
    await allHearEachOther(visitors, [visitors[0]!, visitors[6]!, visitors[11]!], 'a');
    const counts = await settled(opened, visitors, ([own]) => own === 0);
    expect(counts[0]).toBe(0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(12);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(visitors.filter(({ returns }) => returns > 0).length).toBeGreaterThanOrEqual(FROM);
    await allHearEachOther(visitors, visitors.slice(0, 5), 'b');
  });

  it('and takes them back when it has become small again', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 9);
    await settled(opened, visitors, ([own]) => own === 0);
    for (const { client } of visitors.splice(2)) {
      client.close();
      await client.until(() => client.closed !== null, 'closed');
    }
    expect(await settled(opened, visitors, ([own]) => own === 2)).toEqual([2, 0, 0, 0, 0]);
    await allHearEachOther(visitors, visitors, 'c');
  });

  it('sends away whoever comes beyond its limit', async () => {
    const opened = await openSmallRoom();
    await holdAtMost(opened, '6');
    await crowd(opened, 6);
    const answer = await knock(opened);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'overloaded' });
  });
});

describe('In a shard', () => {
  it('a refusal comes back to who asked, and a message that is said twice is said once', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    const { client } = visitors[7]!;
    client.send(say('once', 'Only once'));
    const first = await client.hears('accepted');
    client.send(say('once', 'Only once'));
    await client.until(() => client.heard.filter(({ kind }) => kind === 'accepted').length === 2, 'a second answer');
    expect(client.heard.filter(({ kind }) => kind === 'accepted')).toEqual([first, first]);
    client.send({ kind: 'delete', messageId: 'ms_nothing00' });
    client.sendRaw('nonsense');
    await client.until(() => client.heard.filter(({ kind }) => kind === 'refused').length === 2, 'both refusals');
  });

  it('a moderator removes what somebody in another one has said', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    const moderator = await new Visitor(opened, await person('channel_moderator')).comeIn();
    await allHearEachOther([...visitors, moderator], [visitors[5]!], 'd');
    const said = moderator.told.at(-1);
    if (said?.kind !== 'message') throw new Error('nothing was said');
    await moderator.keepUp();
    moderator.client.send({ kind: 'delete', messageId: said.id });
    const removed = await visitors[7]!.client.hears('removed');
    expect(removed).toMatchObject({ messageIds: [said.id], by: 'moderator' });
  });

  it('what a judge holds is told to moderators wherever they sit, and its author hears what was decided', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 7);
    const moderator = await new Visitor(opened, await person('channel_moderator')).comeIn();
    await settled(opened, [...visitors, moderator], ([own]) => own === 0);
    const author = visitors[6]!;
    author.client.send(say('doubt', 'see http://unknown.example/x'));
    await moderator.client.hears('held', ({ line }) => line.author?.id === author.who.id);
    const [line] = await opened.room.waiting(opened.place);
    expect(line?.text).toBe('see http://unknown.example/x');
    await opened.room.decide(opened.place, moderator.who, { messageId: line!.id, decision: 'denied' });
    await moderator.client.hears('decided');
    await author.client.hears('refused', ({ clientId }) => clientId === 'doubt');
    for (const { client } of visitors) expect(client.heard.map(({ kind }) => kind)).not.toContain('held');
  });

  it('reactions are added up, and everybody is told the exact total within a second or so', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 9);
    await settled(opened, visitors, ([own]) => own === 0);
    for (const visitor of visitors) await visitor.keepUp();
    for (let round = 0; round < 3; round++)
      for (const { client } of visitors) client.send({ kind: 'react', counts: { heart: 7, fire: 2 } });
    const sentAtMs = Date.now();
    for (const { client } of visitors)
      await client.hears('tally', ({ tally: { reactions } }) => reactions.heart === 189 && reactions.fire === 54);
    expect(Date.now() - sentAtMs).toBeLessThan(1500);
    const { reactions } = await opened.room.tally(opened.place, null);
    expect(reactions).toMatchObject({ heart: 189, fire: 54 });
  });

  it('whoever is banned is not heard from that moment on, and what they said is gone everywhere', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    const loud = visitors[7]!;
    await allHearEachOther(visitors, [loud], 'k');
    const restraint = { effect: 'refuse' as const, atMs: Date.now(), untilMs: null };
    const ban = { userId: loud.who.id, scope: 'channel' as const, removeMessages: true, atMs: Date.now(), restraint };
    await opened.room.restrained(opened.owner, ban);
    const fromMs = Date.now();
    loud.client.send(say('after', 'Once more'));
    await loud.client.hears('refused', ({ clientId }) => clientId === 'after');
    for (const { client } of visitors) await client.hears('removed');
    expect(Date.now() - fromMs).toBeLessThan(1000);
    for (const { texts } of visitors) expect(texts).not.toContain('Once more');
  });

  it('frames that make no sense are refused, then the socket is closed, and its visit with it', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    await settled(opened, visitors, ([own]) => own === 0);
    const { client } = visitors[7]!;
    for (let nth = 0; nth < 100 && !client.closed; nth++) client.sendRaw(`nonsense ${nth}`);
    await client.until(() => client.closed !== null, 'closed');
    expect(readCloseReason(client.closed!.reason)?.closing).toBe('misbehaved');
    await allHearEachOther(visitors.slice(0, 7), [visitors[0]!], 'l');
  });

  it('whoever is turned away is out at once, and the others stay', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    const gone = visitors[7]!;
    await opened.room.turnAway({ userId: gone.who.id }, 'roles_changed');
    await gone.client.until(() => gone.client.closed !== null, 'closed');
    expect(readCloseReason(gone.client.closed!.reason)?.closing).toBe('roles_changed');
    const others = visitors.slice(0, 7);
    await allHearEachOther(others, [others[6]!], 'e');
    // What was ordered before they came is not meant for who comes again.
    await allHearEachOther([...others, await new Visitor(opened, gone.who).comeIn()], [others[5]!], 'f');
  });

  it('everybody is sent away when the room closes, after the last word', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    await opened.room.streamChanged({ ...opened.place, streamState: 'ended' });
    for (const { client } of visitors) {
      await client.until(() => client.closed !== null, 'closed');
      const isMoved = readCloseReason(client.closed!.reason)?.closing === 'moved';
      if (!isMoved) expect(client.heard.map(({ kind }) => kind)).toEqual(['hello', 'modes', 'bye']);
    }
  });

  it('nothing is lost or doubled when the shard or the room loses its memory', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    await settled(opened, visitors, ([own]) => own === 0);
    await evictDurableObject(shardAt(opened, 0));
    await allHearEachOther(visitors, [visitors[7]!, visitors[0]!], 'g');
    await evictDurableObject(opened.room);
    await makeSmall(opened);
    await allHearEachOther(visitors, [visitors[1]!, visitors[6]!], 'h');
  });

  it('nothing is lost or doubled when the shard is lost with its sockets', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    await settled(opened, visitors, ([own]) => own === 0);
    await runInDurableObject(shardAt(opened, 0), (_shard, ctx) => ctx.abort('lost')).catch(() => undefined);
    await opened.room.say(opened.place, opened.owner, { clientId: 'meanwhile', text: 'Said meanwhile' });
    await allHearEachOther(visitors, [visitors[2]!, visitors[7]!], 'i');
    for (const visitor of visitors) expect(visitor.texts).toContain('Said meanwhile');
  });

  it('a newcomer hears what was said on their way, and nothing that is for somebody else alone', async () => {
    const opened = await openSmallRoom();
    const visitors = await crowd(opened, 8);
    await settled(opened, visitors, ([own]) => own === 0);
    const hushed = visitors[7]!;
    const restraint = { effect: 'hold' as const, atMs: Date.now(), untilMs: null };
    const held = {
      userId: hushed.who.id,
      scope: 'channel' as const,
      removeMessages: false,
      atMs: Date.now(),
      restraint,
    };
    await opened.room.restrained(opened.owner, held);
    const words = ['Heard by one alone', 'Heard by everybody'];
    for (const who of [await person(), hushed.who]) {
      let said = 0;
      await afterWelcome(opened, async (room) => {
        for (const [nth, by] of [hushed.who, opened.owner].entries())
          await room.say(opened.place, by, { clientId: `${who.id}${nth}`, text: `${words[nth]} ${who.name}` });
        // Until the shard has told it to who sits there.
        await new Promise((resolve) => setTimeout(resolve, 200));
        said += 1;
      });
      const newcomer = await new Visitor(opened, who).comeIn();
      expect(said).toBe(1);
      await newcomer.hears(`${words[1]} ${who.name}`);
      const mine = newcomer.texts.filter((text) => text.endsWith(` ${who.name}`));
      expect(mine).toEqual((who === hushed.who ? words : words.slice(1)).map((word) => `${word} ${who.name}`));
    }
  });

  it('a ticket is good once, wherever one sits', async () => {
    const opened = await openSmallRoom();
    await crowd(opened, 6);
    const ticket = await ticketFor(opened, await person());
    expect((await knock(opened, { ticket })).webSocket).not.toBeNull();
    expect(await (await knock(opened, { ticket })).json()).toMatchObject({ code: 'unauthenticated' });
  });
});

const SEED = 30_301_124;
it(`in a long session of losses, moves and cuts there is one order for all (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const random = randomFrom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const opened = await openSmallRoom();
  const visitors = await crowd(opened, 14);
  const said: string[] = [];
  for (let step = 0; step < 250; step++) {
    const visitor = visitors[below(visitors.length)]!;
    await visitor.keepUp();
    const dice = below(100);
    if (dice < 60) {
      const text = `Word ${[...`${said.length}`].map((digit) => 'abcdefghij'[Number(digit)]).join(' or ')} of mine`;
      const taken = await opened.room.say(opened.place, visitor.who, { clientId: `s${step}`, text });
      if (taken.ok) said.push(text);
    } else if (dice < 85) {
      visitor.client.close();
      await visitor.client.until(() => visitor.client.closed !== null, 'closed');
    } else if (dice < 92) await evictDurableObject(shardAt(opened, below(3)));
    else if (dice < 96)
      await runInDurableObject(shardAt(opened, below(3)), (_s, ctx) => ctx.abort('lost')).catch(() => undefined);
    else {
      await evictDurableObject(opened.room);
      await makeSmall(opened);
    }
  }
  await opened.room.say(opened.place, opened.owner, { clientId: 'last', text: 'The last word' });
  for (const visitor of visitors) {
    await visitor.hears('The last word');
    expect(visitor.texts.filter((text) => said.includes(text))).toEqual(
      said.filter((text) => visitor.texts.includes(text)),
    );
    expect(new Set(visitor.seqs).size).toBe(visitor.seqs.length);
    expect(visitor.texts).toEqual([...said, 'The last word']);
  }
  expect(said.length).toBeGreaterThan(60);
});
