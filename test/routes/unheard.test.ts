// Somebody who is held without knowing it: for them everything is as it would be, and nobody else hears a word.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { HELD_LINES_OF_ONE_MAX, HOLD_SECONDS } from '../../src/protocol/chat/held.ts';
import type { HeldLine, Message, MessagePage, Poll, RoomTicket } from '../../src/protocol/chat.ts';
import type { AuditRow } from '../../src/storage/audit-reading.ts';
import { keepUser } from '../../src/storage/users.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, BASE, openStream } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

async function socketOf({ id }: CreatedStream, query: string): Promise<RoomClient> {
  const url = `${BASE}/api/v1/streams/${id}/room?v=1${query}`;
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  const client = new RoomClient(webSocket!);
  await client.hears('hello');
  return client;
}
async function comeIn(handle: string, stream: CreatedStream): Promise<RoomClient> {
  const ticket = await as(handle, 'POST', `/api/v1/streams/${stream.id}/room/tickets`);
  return socketOf(stream, `&ticket=${(await ticket.json<RoomTicket>()).ticket}`);
}
const at = ({ id }: CreatedStream, rest: string) => `/api/v1/streams/${id}${rest}`;
const answerOf = async (response: Response) => ({ status: response.status, body: await response.json() });
const hold = ({ channelId }: CreatedStream, handle: string) =>
  as('ada', 'PUT', `/api/v1/channels/${channelId}/bans/us_${handle}0`, { seconds: null, effect: 'hold' });
const queueOf = async (stream: CreatedStream): Promise<HeldLine[]> =>
  (await (await as('ada', 'GET', at(stream, '/room/held'))).json<{ lines: HeldLine[] }>()).lines;
const historyOf = async (handle: string | null, stream: CreatedStream): Promise<string[]> =>
  (await (await as(handle, 'GET', at(stream, '/chat'))).json<MessagePage>()).messages.map(({ text }) => text);
const roomOf = ({ id }: CreatedStream) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id));
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 100));

/** Without what differs between any two rooms: ids in the order of their coming, and times. */
function bare(told: unknown): unknown {
  const ids: string[] = [];
  const text = JSON.stringify(told)
    .replace(/\b(?:ms|st|ch|pl|rr)_[a-z0-9]+/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `${id.slice(0, 2)} ${ids.indexOf(id)}`;
    })
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    .replace(/"(serverTimeMs|roomMs)":\d+/g, '"$1":0');
  return JSON.parse(text);
}

/** All that one person does in a room, and all that they are told of it. */
async function transcriptOf(stream: CreatedStream): Promise<unknown[]> {
  const told: unknown[] = [];
  const [ben, window] = [await comeIn('ben', stream), await comeIn('ben', stream)];
  const { resumeToken } = await ben.hears('hello');
  ben.send({ kind: 'send', clientId: 'a', text: 'Does anybody hear me' });
  const first = await ben.hears('accepted');
  for (let count = 1; count <= HELD_LINES_OF_ONE_MAX + 1; count += 1)
    told.push(
      await answerOf(await as('ben', 'POST', at(stream, '/chat'), { clientId: `r${count}`, text: `No ${count}` })),
    );
  told.push(await answerOf(await as('ben', 'POST', at(stream, '/chat'), { clientId: 'r1', text: 'No 1' })));
  ben.send({ kind: 'send', clientId: 'a', text: 'Does anybody hear me' });
  ben.send({ kind: 'send', clientId: 'b', text: 'Answer me', replyTo: first.id });
  await ben.hears('accepted', ({ clientId }) => clientId === 'b');
  ben.send({ kind: 'delete', messageId: first.id });
  await ben.hears('removed');
  ben.send({ kind: 'delete', messageId: first.id });
  await ben.hears('refused');
  ben.send({ kind: 'react', counts: { heart: 3 } });
  const poll: Poll = await (
    await as('ada', 'POST', at(stream, '/room/polls'), { question: 'So?', options: ['A', 'B'] })
  ).json();
  told.push(await answerOf(await as('ben', 'PUT', at(stream, `/room/polls/${poll.id}/vote`), { option: 0 })));
  told.push(await answerOf(await as('ben', 'PUT', at(stream, '/upvote'))));
  await window.hears(
    'tally',
    ({ tally }) => tally.upvotes === 1 && tally.reactions.heart === 3 && tally.poll?.votes === 1,
  );
  told.push((await as('ben', 'GET', at(stream, '/chat?limit=3'))).headers.get('Cache-Control'));
  const page: MessagePage = await (await as('ben', 'GET', at(stream, '/chat?limit=3'))).json();
  const rest = await as('ben', 'GET', at(stream, `/chat?cursor=${page.nextCursor}`));
  told.push(page.messages, ((await rest.json()) as MessagePage).messages);
  // The line that was taken back, one that stands, and one that nobody has said.
  for (const id of [first.id, page.messages[0]!.id, 'ms_nothing'])
    told.push(await answerOf(await as('ben', 'POST', at(stream, `/chat/${id}/reports`), { reason: 'spam' })));
  const replay = async (query: string): Promise<MessagePage> =>
    (await as('ben', 'GET', at(stream, `/chat?fromMediaMs=0${query}`))).json();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const some = await replay(`&limit=3${cursor && `&cursor=${cursor}`}`);
    told.push(some.messages, some.nextCursor === null);
    cursor = some.nextCursor;
  }
  told.push((await replay(`&toMediaMs=${Date.parse(page.messages[0]!.sentAt)}`)).messages.length);
  await evictDurableObject(roomOf(stream));
  window.send({ kind: 'resume', afterSeq: 2 });
  await window.hears('resumed');
  ben.close();
  await ben.until(() => ben.closed !== null, 'closed');
  const back = await socketOf(stream, `&resume=${resumeToken}&after=3`);
  const anew = await comeIn('ben', stream);
  for (const client of [ben, window, back, anew]) told.push(client.heard.filter(({ kind }) => kind !== 'tally'));
  await as('ada', 'PATCH', at(stream, `/room/polls/${poll.id}`), { state: 'ended' });
  return told;
}

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('somebody who is held without knowing it', () => {
  it('is told, word for word, what they would be told otherwise', { timeout: 20_000 }, async () => {
    const transcripts: unknown[] = [];
    for (const isHeld of [false, true]) {
      const stream = await openStream('ada');
      // Who may say as much as this at once.
      await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'vip' });
      const cleo = await comeIn('cleo', stream);
      if (isHeld) await hold(stream, 'ben');
      transcripts.push(bare(await transcriptOf(stream)));
      if (!isHeld) continue;
      expect(cleo.events).toEqual([]);
      expect(await historyOf('cleo', stream)).toEqual([]);
      expect(await historyOf(null, stream)).toEqual([]);
    }
    expect(transcripts[1]).toEqual(transcripts[0]);
  });

  it('keeps their lines where they were, once each, whatever a moderator decides', async () => {
    const stream = await openStream('ada');
    const [ben, cleo] = [await comeIn('ben', stream), await comeIn('cleo', stream)];
    await hold(stream, 'ben');
    for (const [clientId, text] of [
      ['a', 'To be approved'],
      ['b', 'To be denied'],
      ['c', 'To be forgotten'],
    ] as const) {
      ben.send({ kind: 'send', clientId, text });
      await ben.hears('accepted', (frame) => frame.clientId === clientId);
    }
    const [approved, denied] = await queueOf(stream);
    const decide = (line: HeldLine, decision: string) =>
      as('ada', 'PUT', at(stream, `/room/held/${line.id}/decision`), { decision });
    await decide(approved!, 'approved');
    await decide(denied!, 'denied');
    await runInDurableObject(roomOf(stream), (_room, { storage }) => {
      storage.sql.exec('UPDATE held SET expires_at_ms = expires_at_ms - ?', HOLD_SECONDS * 1000 + 60_000);
    });
    await runDurableObjectAlarm(roomOf(stream));
    expect(await cleo.hears('message')).toMatchObject({ id: approved!.id, text: 'To be approved' });
    const all = ['To be approved', 'To be denied', 'To be forgotten'];
    await evictDurableObject(roomOf(stream));
    await as('ada', 'POST', at(stream, '/chat'), { text: 'The last word' });
    for (const client of [ben, await comeIn('ben', stream)]) {
      await client.until(() => client.texts.includes('The last word'), 'the last word');
      expect(client.texts).toEqual([...all, 'The last word']);
    }
    expect((await comeIn('cleo', stream)).texts).toEqual(['To be approved', 'The last word']);
    expect(await historyOf('ben', stream)).toEqual(['The last word', ...all.toReversed()]);
    expect(await historyOf('cleo', stream)).toEqual(['The last word', 'To be approved']);
    expect(ben.heard.filter(({ kind }) => kind === 'refused' || kind === 'decided')).toEqual([]);
    // And what everybody sees goes for everybody.
    await as('ada', 'DELETE', at(stream, `/chat/${approved!.id}`));
    await ben.hears('removed', ({ messageIds }) => messageIds.includes(approved!.id));
    expect((await comeIn('ben', stream)).texts).toEqual(['To be denied', 'To be forgotten', 'The last word']);
  });

  it('may take back what nobody has heard: it leaves the queue, and nobody else is told', async () => {
    const stream = await openStream('ada');
    const [ben, cleo] = [await comeIn('ben', stream), await comeIn('cleo', stream)];
    await hold(stream, 'ben');
    ben.send({ kind: 'send', clientId: 'a', text: 'A slip' });
    const { id } = await ben.hears('accepted');
    expect(await queueOf(stream)).toHaveLength(1);
    expect((await as('cleo', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(403);
    expect((await as('ada', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(404);
    expect((await as('ben', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(204);
    await ben.hears('removed');
    expect(await queueOf(stream)).toEqual([]);
    expect((await as('ben', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(403);
    await aMoment();
    expect(cleo.events).toEqual([]);
    await logWith(1, ({ entry }) => entry.action === 'message.removed' && entry.target?.id === id);
  });

  it('reads nothing of it in what is exported of them, while the log knows it', async () => {
    const stream = await openStream('ada');
    await hold(stream, 'ben');
    const said: Message = await (await as('ben', 'POST', at(stream, '/chat'), { text: 'A slip' })).json();
    await as('ben', 'DELETE', at(stream, `/chat/${said.id}`));
    const known = ({ entry: { action, target } }: AuditRow) => target?.id === said.id && /held|denied/.test(action);
    const entries = (await logWith(2, known)).map(({ entry }) => entry);
    expect(entries.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['message.held', 'system'],
      ['message.denied', 'system'],
    ]);
    const mine = await (await as('ben', 'GET', '/api/v1/users/me/export')).text();
    expect(mine).not.toMatch(/message\.(held|denied)/);
  });

  it('is slowed down, and told what a judge doubts, like anybody', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PATCH', at(stream, '/room'), { slowSeconds: 30, unique: true });
    const ben = await comeIn('ben', stream);
    await hold(stream, 'ben');
    ben.send({ kind: 'send', clientId: 'a', text: 'First' });
    ben.send({ kind: 'send', clientId: 'b', text: 'Second' });
    expect(await ben.hears('refused', ({ clientId }) => clientId === 'b')).toMatchObject({ code: 'slow_mode' });
    await as('ada', 'PATCH', at(stream, '/room'), { slowSeconds: 0 });
    ben.send({ kind: 'send', clientId: 'c', text: 'first' });
    expect(await ben.hears('refused', ({ clientId }) => clientId === 'c')).toMatchObject({ code: 'said_before' });
    ben.send({ kind: 'send', clientId: 'd', text: 'See http://an-unknown-site.example/page' });
    expect(await ben.hears('refused', ({ clientId }) => clientId === 'd')).toMatchObject({ code: 'message_held' });
    // Nobody else is held to what they have not seen.
    expect((await as('cleo', 'POST', at(stream, '/chat'), { text: 'First' })).status).toBe(202);
  });

  it('is heard in their place of the order by nobody in a big room either, and misses nothing', {
    timeout: 20_000,
  }, async () => {
    const stream = await openStream('ada');
    const [ben, cleo] = [await comeIn('ben', stream), await comeIn('cleo', stream)];
    const crowd = await Promise.all(Array.from({ length: 205 }, () => socketOf(stream, '')));
    await hold(stream, 'ben');
    await as('ada', 'POST', at(stream, '/chat'), { text: 'one' });
    ben.send({ kind: 'send', clientId: 'a', text: 'mine' });
    await ben.hears('accepted');
    await as('ada', 'POST', at(stream, '/chat'), { text: 'two' });
    for (const client of [ben, cleo, crowd[0]!]) await client.until(() => client.texts.includes('two'), 'two');
    expect(ben.texts).toEqual(['one', 'mine', 'two']);
    for (const client of [cleo, crowd[0]!]) expect(client.texts).toEqual(['one', 'two']);
    const numbers = ben.events.map(({ seq }) => seq);
    expect(numbers).toEqual([1, 2, 3]);
  });

  it('is no quote for others when they may speak again, and what was approved meanwhile makes nobody wait', async () => {
    const stream = await openStream('ada');
    await hold(stream, 'ben');
    const say = async (text: string, replyTo?: string) =>
      (await as('ben', 'POST', at(stream, '/chat'), { text, ...(replyTo && { replyTo }) })).json<Message>();
    const secret = await say('Nobody shall read this');
    const approved = await say('A moderator lets this through');
    await as('ada', 'DELETE', `/api/v1/channels/${stream.channelId}/bans/us_ben0`);
    const answer = await say('And what do you say to that', secret.id);
    expect(answer.replyTo).toBeNull();
    await as('ada', 'PATCH', at(stream, '/room'), { slowSeconds: 600 });
    const [before] = await Promise.all([as('ben', 'POST', at(stream, '/chat'), { text: 'Too soon' })]);
    const waitBefore = Number(before.headers.get('Retry-After'));
    await as('ada', 'PUT', at(stream, `/room/held/${approved.id}/decision`), { decision: 'approved' });
    const after = await as('ben', 'POST', at(stream, '/chat'), { text: 'Too soon' });
    expect(Number(after.headers.get('Retry-After'))).toBeLessThanOrEqual(waitBefore);
    expect(JSON.stringify(await (await as('cleo', 'GET', at(stream, '/chat'))).json())).not.toContain('Nobody shall');
  });

  it('is not heard by announcements or polls either, and does not see on the desk that they wait', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
    await as('root', 'PUT', '/api/v1/bans/us_ben0', { seconds: 60, effect: 'hold' });
    const ben = await comeIn('ben', stream);
    ben.send({ kind: 'send', clientId: 'a', text: 'Good evening' });
    await ben.hears('accepted');
    const announced = await as('ben', 'POST', at(stream, '/room/announcements'), { text: 'Listen' });
    expect(await announced.json()).toMatchObject({ code: 'message_denied' });
    const asked = await as('ben', 'POST', at(stream, '/room/polls'), { question: 'So?', options: ['A', 'B'] });
    expect(await asked.json()).toMatchObject({ code: 'message_denied' });
    const queue = await as('ben', 'GET', at(stream, '/room/held'));
    expect(await queue.json()).toEqual({ lines: [] });
    expect(await queueOf(stream)).toMatchObject([{ text: 'Good evening' }]);
    expect(ben.heard.map(({ kind }) => kind)).not.toContain('held');
    const card = await as('ben', 'GET', `/api/v1/channels/${stream.channelId}/people/us_ben0`);
    expect(await card.json()).toMatchObject({ bans: [] });
    await as('root', 'DELETE', '/api/v1/bans/us_ben0');
  });

  it('finds in the export of their data what they have said, and that they have, like anybody', async () => {
    const stream = await openStream('ada');
    const say = async (text: string): Promise<Message> =>
      (await as('cleo', 'POST', at(stream, '/chat'), { text })).json();
    const before = await say('Before');
    await hold(stream, 'cleo');
    const held = await say('Held back');
    const approved = await say('Held back and let through');
    const decision = at(stream, `/room/held/${approved.id}/decision`);
    expect((await as('ada', 'PUT', decision, { decision: 'approved' })).status).toBe(200);
    await as('ada', 'DELETE', `/api/v1/channels/${stream.channelId}/bans/us_cleo0`);
    const after = await say('After');
    const mine = await (await as('cleo', 'GET', '/api/v1/users/me/export')).json<{ messages: { id: string }[] }>();
    const said = [before, held, approved, after];
    const found = mine.messages.filter(({ id }) => said.some((one) => one.id === id));
    expect(found.map(({ id }) => id)).toEqual(said.map(({ id }) => id));
    expect(found.map((row) => Object.keys(row))).toEqual(said.map(() => Object.keys(found[0]!)));
    expect(found[1]).toMatchObject({ text: 'Held back', removedAtMs: null });
    for (const { id } of said.slice(0, 3))
      await logWith(1, ({ entry }) => entry.action === 'message.sent' && entry.target?.id === id);
  });

  it('leaves nothing behind when they leave Footlight, and their numbers are nobody else’s', async () => {
    const stream = await openStream('ada');
    await hold(stream, 'cleo');
    const said: Message = await (await as('cleo', 'POST', at(stream, '/chat'), { text: 'I was here' })).json();
    await runInDurableObject(roomOf(stream), (room) =>
      (room as unknown as { forget(ids: string[]): Promise<void> }).forget(['us_cleo0']),
    );
    await evictDurableObject(roomOf(stream));
    const rows = await runInDurableObject(roomOf(stream), (_room, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM own_events').toArray()),
    );
    expect(rows).not.toMatch(/I was here|us_cleo0/);
    const next: Message = await (await as('ada', 'POST', at(stream, '/chat'), { text: 'Next' })).json();
    expect(next.seq).toBe(said.seq! + 1);
  });
});
