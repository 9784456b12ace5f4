import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Message, MessagePage } from '../../src/protocol/chat.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, call, openStream, problemOf, tokenOf, untilLimited } from './support.ts';

const say = (handle: string | null, id: string, text: unknown) =>
  as(handle, 'POST', `/api/v1/streams/${id}/chat`, { text });
const read = async (id: string, query = ''): Promise<MessagePage> =>
  (await as(null, 'GET', `/api/v1/streams/${id}/chat${query}`)).json();

describe('a message', () => {
  it('is kept as it was said and answered with 202, at both addresses', async () => {
    const { id } = await openStream('ada');
    const response = await say('ben', id, '  Hello 👩‍👩‍👧‍👦  ');
    expect(response.status).toBe(202);
    const message: Message = await response.json();
    expect(message).toMatchObject({
      id: expect.stringMatching(/^ms_/),
      streamId: id,
      author: { id: 'us_ben0', handle: 'ben', name: 'Ben' },
      text: 'Hello 👩‍👩‍👧‍👦',
    });
    expect(message).toMatchObject({ seq: 1, mediaTimeMs: null, replyTo: null, mentions: [] });
    expect(Math.abs(Date.parse(message.sentAt) - Date.now())).toBeLessThan(5000);
    expect((await as('cleo', 'POST', `/streams/${id}/chat`, { text: 'Me too' })).status).toBe(202);
    expect((await read(id)).messages.map(({ text }) => text)).toEqual(['Me too', 'Hello 👩‍👩‍👧‍👦']);
    expect((await read(id)).messages[1]).toEqual(message);
  });

  it('needs somebody who may speak, a room, and words', async () => {
    const { id } = await openStream('ada');
    expect((await say(null, id, 'Hello')).status).toBe(401);
    const reader = await call(`/api/v1/streams/${id}/chat`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await tokenOf('ben', ['chat:read'])}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: 'Hello' }),
    });
    expect(reader.status).toBe(403);
    expect((await say('ben', 'st_nowhere', 'Hello')).status).toBe(404);
    for (const text of ['', '   ', 'x'.repeat(501), 7, null]) expect((await say('ben', id, text)).status).toBe(400);
    expect((await problemOf(await say('ben', id, ''))).issues![0]!.path).toBe('text');
    expect((await read(id)).messages).toEqual([]);
  });

  it('is not taken once the stream has ended; what was said stays readable', async () => {
    const { id } = await openStream('ada');
    await say('ben', id, 'Before');
    await as('ada', 'DELETE', `/api/v1/streams/${id}`);
    expect((await problemOf(await say('ben', id, 'After'))).code).toBe('room_closed');
    expect((await read(id)).messages.map(({ text }) => text)).toEqual(['Before']);
  });

  it('leaves a trace without what it says', async () => {
    const { id } = await openStream('ada');
    const { id: messageId }: Message = await (await say('ben', id, 'A secret plan')).json();
    const [row] = await logWith(1, ({ entry }) => entry.target?.id === messageId);
    expect(row).toMatchObject({ entry: { action: 'message.sent' }, facts: { after: { streamId: id } } });
    expect(JSON.stringify(row)).not.toContain('secret plan');
  });

  it('is not sent too often by one person in one room; other rooms and other people have their own measure', async () => {
    const [{ id }, other] = [await openStream('ada'), await openStream('ada')];
    const { statuses, limited } = await untilLimited(() => say('mod', id, 'again'));
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(statuses.length).toBeGreaterThanOrEqual(30);
    expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await say('mod', other.id, 'elsewhere')).status).toBe(202);
    expect((await say('ben', id, 'Let others speak')).status).toBe(202);
  });
});

describe('what was said', () => {
  it('is read in pages that neither repeat nor leave out', async () => {
    const { id } = await openStream('ada');
    for (let index = 0; index < 7; index++) await say('ada', id, `${index}`);
    const texts: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: MessagePage = await read(id, `?limit=3${cursor && `&cursor=${cursor}`}`);
      texts.push(...page.messages.map(({ text }) => text));
      cursor = page.nextCursor;
    }
    expect(texts).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    expect((await as(null, 'GET', `/api/v1/streams/${id}/chat?cursor=nonsense`)).status).toBe(400);
    expect((await as(null, 'GET', '/api/v1/streams/st_nowhere/chat')).status).toBe(404);
  });
});

describe('what was said during a part of the programme', () => {
  const START_MS = Date.now() - 600_000;
  const at = (id: string, text: string, seconds: number | null) =>
    as('ada', 'POST', `/api/v1/streams/${id}/chat`, {
      text,
      ...(seconds !== null && { mediaTimeMs: START_MS + seconds * 1000 }),
    });
  const during = async (id: string, from: number, to: number, more = ''): Promise<MessagePage> =>
    read(id, `?fromMediaMs=${START_MS + from * 1000}&toMediaMs=${START_MS + to * 1000}${more}`);
  const textsOf = (page: MessagePage) => page.messages.map(({ text }) => text);

  it('is read in the order of the picture, in pages, and never has what was removed', async () => {
    const { id } = await openStream('ada');
    for (const [text, seconds] of [
      ['the late one', 30],
      ['kick-off', 0],
      ['GOAL', 20],
      ['goal here, too', 21],
      ['the end', 40],
    ] as const)
      await at(id, text, seconds);
    const removed: Message = await (await at(id, 'a foul word', 25)).json();
    expect((await as('ada', 'DELETE', `/api/v1/streams/${id}/chat/${removed.id}`)).status).toBe(204);
    expect(textsOf(await during(id, 0, 40))).toEqual(['kick-off', 'GOAL', 'goal here, too', 'the late one']);
    const texts: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await during(id, 0, 41, `&limit=2${cursor && `&cursor=${cursor}`}`);
      texts.push(...textsOf(page));
      cursor = page.nextCursor;
    }
    expect(texts).toEqual(['kick-off', 'GOAL', 'goal here, too', 'the late one', 'the end']);
    expect(textsOf(await read(id, `?toMediaMs=${START_MS + 1}`))).toEqual(['kick-off']);
  });

  it('has who said no picture, or one that was not there yet, at the moment when they said it', async () => {
    const { id } = await openStream('ada');
    await at(id, 'no picture', null);
    await at(id, 'from the future', 100_000);
    const now = (Date.now() - START_MS) / 1000;
    expect(textsOf(await during(id, now - 30, now + 30))).toEqual(['no picture', 'from the future']);
    expect(textsOf(await during(id, 99_000, 101_000))).toEqual([]);
  });

  it('is found by its moment, however much else was said', async () => {
    const plan = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM messages WHERE stream_id = 'st_x'
       AND coalesce(min(media_time_ms, sent_at_ms), sent_at_ms) >= 1 AND coalesce(min(media_time_ms, sent_at_ms), sent_at_ms) < 2
       ORDER BY coalesce(min(media_time_ms, sent_at_ms), sent_at_ms), id`,
    ).all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail).join('; ')).toContain('messages_by_moment');
    expect(plan.results.map(({ detail }) => detail).join('; ')).not.toContain('TEMP B-TREE');
  });
});
