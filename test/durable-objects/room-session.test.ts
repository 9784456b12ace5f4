// A long random session of a real room, its shards and its hubs: people come, are cut or moved, come back, speak and remove, and objects
// lose their memory or are lost.
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Caller } from '../../src/domain/chat/guest.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import type { MessageId } from '../../src/protocol/ids.ts';
import { randomFrom } from '../support/random.ts';
import { sleep } from '../support/sleep.ts';
import { comeIn, person, type RoomClient } from './room-guest.ts';
import { hubAt, levelOf, loseHub, makeSmall, openSmallRoom, shardAt, whoSitsWhere } from './shard-guest.ts';

const PEOPLE = 200;
const STEPS = 5000;
const SEED = 20_261_124;
/** Five shards and three hubs while everybody is there; none while the few are among themselves. */
const SIZES = { from: 60, perShard: 40, perHub: 2 };
const SHARDS = 6;
const HUBS = 3;
const FEW = 20;
const [FEW_FROM, FEW_TO] = [2500, 3300];
/** At a tenth of a second each. */
const LEVEL_LOOKS = 200;

interface Somebody {
  who: Caller;
  client: RoomClient | null;
  resumeToken: string | null;
  /** Everything that they were told, over all their sockets. */
  told: RoomEvent[];
}

const SYLLABLES = ['lor', 'bim', 'den', 'gov', 'hal', 'jup', 'kel', 'mun', 'nep', 'ras'];
/** Different for each number, and nothing that a judge could mind. */
const wordsOf = (number: number): string => [...`${number}`].map((digit) => SYLLABLES[Number(digit)]).join('');

it(`in ${STEPS} steps of ${PEOPLE} people there is one order, and nothing is lost or doubled (seed ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const random = randomFrom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const opened = await openSmallRoom(SIZES);
  const everybody: Somebody[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const who = await person(index % 20 === 0 ? 'channel_moderator' : 'viewer', { requestId: null });
    everybody.push({ who, client: null, resumeToken: null, told: [] });
  }
  const sent: { author: Somebody; clientId: string; text: string }[] = [];
  const refused = new Set<string>();
  const moderators = everybody.filter(({ who }) => who.roles.includes('channel_moderator'));
  const viewers = everybody.filter(({ who }) => !who.roles.includes('channel_moderator'));
  /** From which number to which somebody was not to be heard. */
  const silences: { who: Caller; fromSeq: number; toSeq: number | null }[] = [];
  /** Texts that no judge let through, and those of them that a moderator did. */
  const doubtful = new Map<string, boolean>();
  const accepted = new Map<string, MessageId>();

  /** The owner says a word: its number is above all that was said before, and below all that comes after. */
  const mark = async (): Promise<number> => {
    const said = await opened.room.say(opened.place, opened.owner, {
      clientId: `mark${silences.length}x${marks++}`,
      text: wordsOf(1_000_000 + marks),
    });
    if (!said.ok) throw new Error(said.detail);
    return said.message.seq!;
  };
  let marks = 0;
  const silence = async (): Promise<void> => {
    const { who } = viewers[below(viewers.length)]!;
    const standing = silences.find((one) => one.who === who && one.toSeq === null);
    const told = { userId: who.id, scope: 'channel' as const, removeMessages: below(4) === 0 };
    const by = moderators[below(moderators.length)]!.who;
    if (standing) standing.toSeq = await mark();
    const restraint = standing ? null : { effect: 'refuse' as const, atMs: Date.now(), untilMs: null };
    await opened.room.restrained(by, { ...told, atMs: Date.now(), restraint });
    if (!standing) silences.push({ who, fromSeq: await mark(), toSeq: null });
  };
  const decide = async (): Promise<void> => {
    const [line] = await opened.room.waiting(opened.place);
    if (!line) return;
    const isApproved = below(2) === 0;
    const { who } = moderators[below(moderators.length)]!;
    const decision = isApproved ? ('approved' as const) : ('denied' as const);
    const answer = await opened.room.decide(opened.place, who, { messageId: line.id, decision });
    if (answer.ok && isApproved) doubtful.set(line.text, true);
  };

  const join = async (somebody: Somebody): Promise<void> => {
    const after = somebody.told.at(-1)?.seq;
    const { resumeToken } = somebody;
    const query = resumeToken ? { resume: resumeToken, after: after ?? 0 } : somebody.who;
    const client = await comeIn(opened, query);
    const hello = await client.hears('hello');
    // Whoever comes back is told all that was missed.
    if (resumeToken) expect(hello.isComplete).toBe(true);
    somebody.client = client;
    somebody.resumeToken = hello.resumeToken;
  };
  /** What the socket told is taken over, and its answers are. */
  const cut = async (somebody: Somebody): Promise<void> => {
    const { client } = somebody;
    if (!client) return;
    somebody.client = null;
    if (!client.closed) client.close();
    await client.until(() => client.closed !== null, 'closed');
    listen(somebody, client);
  };
  const listen = (somebody: Somebody, client: RoomClient): void => {
    const lastSeq = somebody.told.at(-1)?.seq ?? 0;
    somebody.told.push(...client.events.filter(({ seq }) => seq > lastSeq));
    for (const frame of client.heard) {
      if (frame.kind === 'accepted') accepted.set(`${somebody.who.id} ${frame.clientId}`, frame.id);
      if (frame.kind === 'refused' && frame.clientId) refused.add(frame.clientId);
    }
  };

  /** Moved, or sat in a shard that was lost: what was heard there counts, and they come back by their token. */
  const keepUp = async (somebody: Somebody): Promise<void> => {
    const { client } = somebody;
    if (!client?.closed) return;
    somebody.client = null;
    listen(somebody, client);
  };
  const evictions = { hubs: 0, shards: 0 };
  const lose = async (step: number): Promise<void> => {
    const shard = shardAt(opened, below(SHARDS));
    if (step % 50 === 0) {
      // On a busy machine a word of a shard may be under way for a while.
      await evictDurableObject(opened.room).catch(() => evictDurableObject(opened.room));
      await makeSmall(opened, SIZES);
    } else if (step % 3 === 0) await loseHub(opened, below(HUBS));
    else if (step % 7 === 0) await evict('hubs', hubAt(opened, below(HUBS)));
    else if (step % 5 === 0) await runInDurableObject(shard, (_shard, ctx) => ctx.abort('lost')).catch(() => undefined);
    // A shard that nobody has come to yet is not running.
    else await evict('shards', shard);
  };
  /** One that has something under way may refuse. */
  const evict = (kind: keyof typeof evictions, stub: DurableObjectStub): Promise<void> =>
    evictDurableObject(stub).then(
      () => {
        evictions[kind] += 1;
      },
      () => undefined,
    );
  /** Who was moved, or sat in a shard that was lost, comes back soon, as a client does. */
  const comeBack = async (): Promise<void> => {
    for (const one of everybody) {
      if (!one.client?.closed) continue;
      await keepUp(one);
      await join(one);
    }
  };
  const levelsHaveChanged = async (): Promise<void> => {
    for (let look = 0; look < LEVEL_LOOKS && (await levelOf(opened)) !== 'room'; look += 1) {
      await comeBack();
      await sleep(100);
    }
  };
  const sitting: number[][] = [];
  const levels: string[] = [];

  for (let step = 0; step < STEPS; step++) {
    const isFew = step >= FEW_FROM && step < FEW_TO;
    // However fast the steps go: levels change at a pace of their own.
    if (step === FEW_TO - 1) await levelsHaveChanged();
    if (step === FEW_FROM || step === FEW_TO - 1) {
      sitting.push(await whoSitsWhere(opened, SHARDS));
      levels.push(await levelOf(opened));
    }
    if (step === FEW_FROM) for (const one of everybody.slice(FEW)) await cut(one);
    if (step % 10 === 0) await comeBack();
    const somebody = everybody[below(isFew ? FEW : PEOPLE)]!;
    await keepUp(somebody);
    const dice = below(100);
    if (!somebody.client) await join(somebody);
    else if (dice < 55) {
      const clientId = `c${sent.length}`;
      const text = wordsOf(sent.length);
      sent.push({ author: somebody, clientId, text });
      somebody.client.send({ kind: 'send', clientId, text });
    } else if (dice < 65) {
      const again = sent.findLast(({ author }) => author === somebody);
      if (again) somebody.client.send({ kind: 'send', clientId: again.clientId, text: again.text });
    } else if (dice < 80) await cut(somebody);
    else if (dice < 88) {
      // One's own as often as any other, which only a moderator may.
      const isOwn = below(2) === 0;
      const seen = somebody.client.events.filter(
        (event) => event.kind === 'message' && (!isOwn || event.author?.id === somebody.who.id),
      );
      const message = seen[below(seen.length)];
      if (message?.kind === 'message') somebody.client.send({ kind: 'delete', messageId: message.id });
    } else if (dice < 89) somebody.client.sendRaw('nonsense');
    else if (dice < 92) {
      const text = `see http://${wordsOf(step)}.example/x`;
      if (!moderators.includes(somebody)) doubtful.set(text, false);
      somebody.client.send({ kind: 'send', clientId: `d${step}`, text });
    } else if (dice < 94) await silence();
    else if (dice < 95) await decide();
    else await lose(step);
  }

  // Everybody comes (back) and hears the last word; then the books are compared.
  for (const somebody of everybody) {
    await keepUp(somebody);
    if (!somebody.client) await join(somebody);
  }
  const last = await opened.room.say(opened.place, opened.owner, { clientId: 'last', text: 'The last word' });
  if (!last.ok) throw new Error(last.detail);
  const isLast = (event: RoomEvent) => event.kind === 'message' && event.id === last.message.id;
  for (const somebody of everybody) {
    while (!somebody.told.some(isLast)) {
      if (!somebody.client) await join(somebody);
      const client = somebody.client!;
      await client.until(() => client.closed !== null || client.events.some(isLast), 'the last word', 30_000);
      listen(somebody, client);
      await keepUp(somebody);
    }
  }
  expect(evictions.hubs).toBeGreaterThan(0);
  expect(evictions.shards).toBeGreaterThan(0);
  const [many, few] = sitting;
  expect(levels).toEqual(['shards by hubs', 'room']);
  expect(Math.max(...many!.slice(1)), `in shards: ${many}`).toBeGreaterThan(10);
  expect(few!.slice(1), `in the room: ${few}`).toEqual(Array(SHARDS).fill(0));
  await opened.room.settle();
  const { results: archived } = await env.DB.prepare('SELECT * FROM messages WHERE stream_id = ? ORDER BY seq')
    .bind(opened.streamId)
    .all<{ id: string; seq: number; text: string; author_id: string | null; removed_at_ms: number | null }>();

  const removedAt = new Map<string, number>();
  for (const { told } of everybody)
    for (const event of told)
      if (event.kind === 'removed') for (const id of event.messageIds) removedAt.set(id, event.seq);
  const bySeq = new Map(archived.map((row) => [row.seq, row]));

  // Nobody hears a line that no judge let through, unless a moderator has approved it.
  const everything = everybody.flatMap(({ told }) => told.map((event) => (event.kind === 'message' ? event.text : '')));
  const heardTexts = new Set([...everything, ...archived.map(({ text }) => text)]);
  for (const [text, isApproved] of doubtful) if (!isApproved) expect(heardTexts.has(text), text).toBe(false);
  expect([...doubtful.values()].filter(Boolean).length).toBeGreaterThan(3);
  // Nobody hears a voice that was banned, from the moment of the ban to its end.
  for (const { who, fromSeq, toSeq } of silences) {
    const heard = archived.filter(
      (row) => row.author_id === who.id && row.seq > fromSeq && row.seq < (toSeq ?? Infinity),
    );
    expect(heard, `${who.name} was banned from ${fromSeq} to ${toSeq}`).toEqual([]);
  }
  expect(silences.length).toBeGreaterThan(30);

  // One order, each number once, and everybody has the same under it.
  const contents = new Map<number, string>();
  for (const { told } of everybody) {
    let lastSeq = 0;
    for (const event of told) {
      expect(event.seq).toBeGreaterThan(lastSeq);
      lastSeq = event.seq;
      const content = JSON.stringify(event);
      expect(contents.get(event.seq) ?? content).toBe(content);
      contents.set(event.seq, content);
    }
  }
  // Nothing is lost: from the first to the last event that somebody was told, all that was not removed meanwhile is there.
  for (const { told } of everybody) {
    const seqs = new Set(told.map(({ seq }) => seq));
    const [firstSeq, lastSeq] = [told[0]!.seq, told.at(-1)!.seq];
    expect(lastSeq).toBeGreaterThanOrEqual(last.message.seq ?? Number.POSITIVE_INFINITY);
    for (const row of archived) {
      if (row.seq < firstSeq || row.seq > lastSeq || seqs.has(row.seq)) continue;
      expect(removedAt.has(row.id), `${row.text} (${row.seq} of ${firstSeq} to ${lastSeq}) was lost`).toBe(true);
    }
  }
  // The archive has each message that was accepted, once, and none that was refused.
  const archivedIds = archived.map(({ id }) => id);
  expect(new Set(archivedIds).size).toBe(archivedIds.length);
  for (const id of accepted.values()) expect(archivedIds).toContain(id);
  const texts = archived.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  for (const clientId of refused) {
    if (!/^c\d+$/.test(clientId)) continue;
    const wasTakenLater = [...accepted.keys()].some((key) => key.endsWith(` ${clientId}`));
    if (!wasTakenLater) expect(texts).not.toContain(wordsOf(Number(clientId.slice(1))));
  }
  // What was removed is marked, and nothing else is.
  for (const row of archived) expect(row.removed_at_ms !== null, row.text).toBe(removedAt.has(row.id));
  expect(bySeq.size).toBe(archived.length);
  expect(archived.length).toBeGreaterThan(500);
  expect(removedAt.size).toBeGreaterThan(30);
});
