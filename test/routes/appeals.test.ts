import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Appeal, AppealPage, OwnAppeals } from '../../src/protocol/appeals.ts';
import { UserId } from '../../src/protocol/ids.ts';
import { keepUser } from '../../src/storage/users.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, openStream, problemOf } from './support.ts';

const banOf = ({ channelId }: CreatedStream, handle: string) => `/api/v1/channels/${channelId}/bans/us_${handle}0`;
const saying = (handle: string, { id }: CreatedStream) =>
  as(handle, 'POST', `/api/v1/streams/${id}/chat`, { text: 'Hi' });
const listOf = async (handle: string, path: string): Promise<Appeal[]> =>
  (await (await as(handle, 'GET', path)).json<AppealPage>()).appeals;
const answer = (handle: string, path: string, decision: string) =>
  as(handle, 'PUT', `${path}/answer`, { decision, reason: 'We have looked again' });

/** Banned, and told so: where to appeal. */
async function banned(stream: CreatedStream): Promise<string> {
  await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null });
  const { appealAt } = await problemOf(await saying('ben', stream));
  return appealAt ?? '';
}

async function appealed(path: string): Promise<Appeal> {
  const made = await as('ben', 'POST', path, { text: 'It was my brother' });
  expect(made.status).toBe(201);
  return made.json();
}

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('somebody who is banned', () => {
  it('is told where to appeal, asks once, and speaks again when the appeal is granted', async () => {
    const stream = await openStream('ada');
    const path = await banned(stream);
    expect(path).toBe(`/api/v1/channels/${stream.channelId}/appeals`);
    const { id } = await appealed(path);
    expect(await problemOf(await as('ben', 'POST', path, { text: 'Again' }))).toMatchObject({ code: 'conflict' });
    expect(await listOf('ada', path)).toMatchObject([{ id, state: 'open', text: 'It was my brother' }]);
    expect((await answer('ada', `${path}/${id}`, 'lifted')).status).toBe(200);
    expect((await saying('ben', stream)).status).toBe(202);
    expect(await listOf('ben', `${path}/mine`)).toMatchObject([
      { id, state: 'lifted', reason: 'We have looked again', lapsesAt: null },
    ]);
    const rows = await logWith(3, ({ entry }) => /^appeal\.|^ban\.lifted/.test(entry.action));
    expect(rows.map(({ entry }) => entry.action).sort()).toEqual(['appeal.answered', 'appeal.made', 'ban.lifted']);
  });

  it('whose appeal is not granted stays banned, and may ask again later, or at once about another ban', async () => {
    const stream = await openStream('ada');
    const path = await banned(stream);
    const { id } = await appealed(path);
    expect((await answer('ada', `${path}/${id}`, 'upheld')).status).toBe(200);
    expect((await saying('ben', stream)).status).toBe(403);
    const refused = await problemOf(await as('ben', 'POST', path, { text: 'Please' }));
    expect(refused.code).toBe('appeal_too_soon');
    expect(refused.retryAfterSeconds).toBeGreaterThan(29 * 24 * 3600);
    const waitDays = async () => {
      const { mayAsk, mayAskFrom } = await (await as('ben', 'GET', `${path}/mine`)).json<OwnAppeals>();
      if (mayAsk) return 0;
      return mayAskFrom === null ? null : Math.abs(Math.round((Date.parse(mayAskFrom) - Date.now()) / 86_400_000));
    };
    expect(await waitDays()).toBe(30);
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null });
    expect(await waitDays()).toBe(0);
    await appealed(path);
    expect(await waitDays()).toBeNull();
  });

  it('without knowing it learns nothing from the appeal', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null, effect: 'hold' });
    const path = `/api/v1/channels/${stream.channelId}/appeals`;
    const asked = async (handle: string) => [
      await problemOf(await as(handle, 'POST', path, { text: 'Why' })),
      await (await as(handle, 'GET', `${path}/mine`)).json(),
    ];
    expect(await asked('ben')).toEqual(await asked('cleo'));
  });

  it('everywhere appeals to the moderators of the platform', async () => {
    const stream = await openStream('ada');
    await as('mod', 'PUT', '/api/v1/bans/us_ben0', { seconds: 600 });
    expect(await problemOf(await saying('ben', stream))).toMatchObject({ appealAt: '/api/v1/appeals' });
    const { id } = await appealed('/api/v1/appeals');
    expect((await answer('ada', `/api/v1/appeals/${id}`, 'lifted')).status).toBe(403);
    expect((await answer('mod', `/api/v1/appeals/${id}`, 'lifted')).status).toBe(200);
    expect((await saying('ben', stream)).status).toBe(202);
  });
});

describe('the appeals of a channel', () => {
  it.each(['open', 'closed'])('that are %s are all there, page by page, each once', async (state) => {
    const stream = await openStream('ada');
    const path = `/api/v1/channels/${stream.channelId}/appeals`;
    const [askedAtMs, names] = [Date.now() - 10_000, Array.from({ length: 7 }, (_, index) => `${state}${index}`)];
    for (const [index, name] of names.entries()) {
      const id = UserId.parse(`us_${name}`);
      await keepUser(env.DB, { id, handle: name, name, platformRole: 'viewer' }, 1);
      await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/bans/${id}`, { seconds: null });
      // Some in the same moment.
      const atMs = askedAtMs + Math.floor(index / 3);
      await env.DB.prepare(
        `INSERT INTO appeals SELECT ?1, channel_id, user_id, banned_at_ms, 'Please', ?2, ?3, ?4, NULL FROM bans WHERE user_id = ?5`,
      )
        .bind(`al_${name}`, state === 'open' ? 'open' : 'upheld', atMs, state === 'open' ? null : atMs, id)
        .run();
    }
    const read: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `state=${state}&limit=3${cursor && `&cursor=${cursor}`}`;
      const page: AppealPage = await (await as('ada', 'GET', `${path}?${query}`)).json();
      expect(page.appeals.length).toBeLessThanOrEqual(3);
      read.push(...page.appeals.map(({ user }) => user.handle));
      cursor = page.nextCursor;
    }
    expect(read).toEqual(state === 'open' ? names : names.toReversed());
  });
});

describe('an appeal', () => {
  it('is answered once, whoever of two moderators is first', async () => {
    const stream = await openStream('ada');
    const path = await banned(stream);
    const { id } = await appealed(path);
    const answers = await Promise.all(['ada', 'mod'].map((who) => answer(who, `${path}/${id}`, 'upheld')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('of an equal is out of reach', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_cleo0`, { role: 'moderator' });
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
    const path = await banned(stream);
    const { id } = await appealed(path);
    expect((await answer('cleo', `${path}/${id}`, 'lifted')).status).toBe(403);
    expect((await answer('ada', `${path}/${id}`, 'lifted')).status).toBe(200);
  });

  it('goes on when another ban takes the place of its own, so that undoing an act at the desk ends none', async () => {
    const stream = await openStream('ada');
    const path = await banned(stream);
    const { id, bannedAt } = await appealed(path);
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: 600, removeMessages: true });
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null });
    const [open, ...others] = await listOf('ada', path);
    expect(others).toEqual([]);
    expect(open).toMatchObject({ id, state: 'open' });
    expect(Date.parse(open!.bannedAt)).toBeGreaterThan(Date.parse(bannedAt));
    expect((await answer('ada', `${path}/${id}`, 'lifted')).status).toBe(200);
    // One that its subject does not know of has none.
    await banned(stream);
    await appealed(path);
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null, effect: 'hold' });
    expect(await listOf('ben', `${path}/mine`)).toMatchObject([{ state: 'lapsed' }, { id, state: 'lifted' }]);
  });

  it('is answered by lifting the ban, lapses with it, and after 30 days without an answer', async () => {
    const stream = await openStream('ada');
    const path = await banned(stream);
    await appealed(path);
    await as('ada', 'DELETE', banOf(stream, 'ben'));
    expect(await listOf('ben', `${path}/mine`)).toMatchObject([{ state: 'lifted', reason: null }]);
    await banned(stream);
    const { id } = await appealed(path);
    await env.DB.prepare('UPDATE appeals SET asked_at_ms = asked_at_ms - ? WHERE id = ?')
      .bind(30 * 86_400_000, id)
      .run();
    expect(await problemOf(await answer('ada', `${path}/${id}`, 'lifted'))).toMatchObject({ code: 'conflict' });
    const [first] = await listOf('ada', `${path}?state=closed`);
    expect(first).toMatchObject({ id, state: 'lapsed' });
    await appealed(path);
  });
});
