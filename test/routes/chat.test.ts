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
