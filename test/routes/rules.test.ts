import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type ChannelRules, STANDARD_RULES } from '../../src/protocol/rules.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, call, openStream, problemOf, tokenOf } from './support.ts';

const rulesOf = (channelId: string) => `/api/v1/channels/${channelId}/rules`;
const saying = (id: string, text: string) => as('ben', 'POST', `/api/v1/streams/${id}/chat`, { text });
const codeOf = async (answer: Promise<Response>): Promise<string> => {
  const response = await answer;
  return response.ok ? (await response.json<{ text: string }>()).text : (await problemOf(response)).code;
};

describe('the words of a channel', () => {
  it('count for the next line in a room that is open, in any spelling, and no longer when they are taken out', async () => {
    const { id, channelId } = await openStream('ada');
    expect(await codeOf(saying(id, 'The butler did it'))).toBe('The butler did it');
    const words: ChannelRules['words'] = [
      { text: 'butler', action: 'mask' },
      { text: 'gardener*', action: 'deny' },
      { text: 'cook', action: 'hold' },
    ];
    const startMs = Date.now();
    expect((await as('ada', 'PUT', rulesOf(channelId), { ...STANDARD_RULES, words })).status).toBe(200);
    expect(await codeOf(saying(id, 'It was the butler again'))).toBe('It was the ****** again');
    expect(Date.now() - startMs).toBeLessThan(2000);
    const refused = await saying(id, 'No: the g4rdeners!');
    const problem = await problemOf(refused);
    expect(problem.code).toBe('message_denied');
    expect(JSON.stringify(problem)).not.toContain('gardener');
    expect(await codeOf(saying(id, 'or the cook maybe'))).toBe('message_held');
    await as('ada', 'PUT', rulesOf(channelId), STANDARD_RULES);
    expect(await codeOf(saying(id, 'Who knows whether the butler was there'))).toContain('butler');
    const [row] = await logWith(1, ({ entry, facts }) => entry.action === 'rules.changed' && facts?.after !== null);
    expect(row!.entry.target).toEqual({ type: 'channel', id: channelId });
  });

  it('are known to a room whose memory was lost, and to one that opens later', async () => {
    const { id, channelId } = await openStream('ada');
    await as('ada', 'PUT', rulesOf(channelId), { ...STANDARD_RULES, words: [{ text: 'butler', action: 'deny' }] });
    expect(await codeOf(saying(id, 'That butler'))).toBe('message_denied');
    await evictDurableObject(env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id)));
    expect(await codeOf(saying(id, 'This butler'))).toBe('message_denied');
    await as('ada', 'DELETE', `/api/v1/streams/${id}`);
    const next = await (await as('ada', 'POST', '/api/v1/streams', { title: 'Next', channelId })).json<{
      id: string;
    }>();
    expect(await codeOf(saying(next.id, 'Another butler'))).toBe('message_denied');
    const other = await openStream('cleo');
    expect(await codeOf(saying(other.id, 'My butler'))).toBe('My butler');
  });

  it('are seen by moderators only, and replaced from the state that they saw', async () => {
    const { channelId } = await openStream('ada');
    const path = rulesOf(channelId);
    expect((await as('ben', 'GET', path)).status).toBe(403);
    expect((await as(null, 'GET', path)).status).toBe(401);
    const seen = await as('ada', 'GET', path);
    expect(await seen.json()).toEqual(STANDARD_RULES);
    const put = async (body: ChannelRules) =>
      call(path, {
        method: 'PUT',
        headers: {
          Authorization: `Bearer ${await tokenOf('ada')}`,
          'Content-Type': 'application/json',
          'If-Match': seen.headers.get('ETag')!,
        },
        body: JSON.stringify(body),
      });
    expect((await put({ ...STANDARD_RULES, strictness: 'strict' })).status).toBe(200);
    expect((await put(STANDARD_RULES)).status).toBe(412);
  });
});

describe('the rules of a channel', () => {
  it('say what follows from links, and how strict the judges are', async () => {
    const { id, channelId } = await openStream('ada');
    const set = (rules: Partial<ChannelRules>) => as('ada', 'PUT', rulesOf(channelId), { ...STANDARD_RULES, ...rules });
    const link = 'See http://an-unknown-site.example/page';
    await set({ links: 'deny' });
    expect(await codeOf(saying(id, link))).toBe('message_denied');
    await set({ allowedSites: ['an-unknown-site.example'], links: 'deny' });
    expect(await codeOf(saying(id, link))).toBe(link);
    await set({ strictness: 'strict' });
    expect(await codeOf(saying(id, 'what the fuck'))).toBe('message_held');
  });
});

describe('the words of the platform', () => {
  it('count on every channel, for its owner too', async () => {
    const { id } = await openStream('ada');
    expect(await codeOf(saying(id, 'A zorblax for you'))).toBe('A zorblax for you');
    // Somebody is in the room; it hears of the change.
    expect((await as('ben', 'POST', `/api/v1/streams/${id}/room/tickets`)).status).toBe(201);
    expect((await as('ada', 'PUT', '/api/v1/rules', { words: [] })).status).toBe(403);
    expect((await as('mod', 'PUT', '/api/v1/rules', { words: [{ text: 'zorblax', action: 'deny' }] })).status).toBe(
      200,
    );
    expect(await codeOf(as('ada', 'POST', `/api/v1/streams/${id}/chat`, { text: 'My zorblax' }))).toBe(
      'message_denied',
    );
    await as('mod', 'PUT', '/api/v1/rules', { words: [] });
  });
});
