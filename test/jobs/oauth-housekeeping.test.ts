import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepOAuthHouse } from '../../src/jobs/oauth-housekeeping.ts';
import {
  botTokenOf,
  connected,
  oauthError,
  refresh,
  registerApp,
  type Tokens,
  withToken,
} from '../routes/oauth-support.ts';
import { as, openStream } from '../routes/support.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const count = async (sql: string, ...values: string[]): Promise<number> =>
  (await env.DB.prepare(`SELECT count(*) AS total FROM ${sql}`)
    .bind(...values)
    .first<{ total: number }>())!.total;
const keepHouse = (afterDays: number) => keepOAuthHouse(env, Date.now() + afterDays * DAY_MS);

beforeEach(async () => {
  await env.DB.prepare('DELETE FROM apps').run();
});
afterEach(() => void vi.useRealTimers());

describe('the housekeeping of apps', () => {
  it('keeps a replaced refresh token for two weeks, so that a theft is seen, and no longer', async () => {
    const { app, tokens } = await connected();
    let last = tokens;
    for (let time = 0; time < 3; time++) last = (await (await refresh(app, last.refresh_token)).json()) as Tokens;
    await keepHouse(13.9);
    expect(await count('refresh_tokens')).toBe(4);
    await keepHouse(14.1);
    expect(await count('refresh_tokens')).toBe(1);
    // What is gone is refused and ends nothing; the one in force goes on.
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_grant');
    expect((await refresh(app, last.refresh_token)).status).toBe(200);
  });

  it('removes a deleted app after a week, with its bot, and keeps a bot that owns something', async () => {
    const [idle, owner, kept] = [await registerApp(), await registerApp(), await registerApp()];
    const { channelId } = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${channelId}/roles/${idle.botId}`, { role: 'vip' });
    const opened = await withToken(await botTokenOf(owner), '/api/v1/streams', 'POST', { title: 'By a bot' });
    expect(opened.status).toBe(201);
    for (const { id } of [idle, owner]) expect((await as('ada', 'DELETE', `/api/v1/apps/${id}`)).status).toBe(204);
    await keepHouse(6.9);
    expect(await count('apps')).toBe(3);
    await keepHouse(7.1);
    const left = (await env.DB.prepare('SELECT id FROM apps ORDER BY id').all<{ id: string }>()).results;
    expect(left.map(({ id }) => id)).toEqual([owner.id, kept.id].sort());
    expect(await count('users WHERE id = ?', idle.botId!)).toBe(0);
    expect(await count('users WHERE id IN (?, ?)', owner.botId!, kept.botId!)).toBe(2);
    expect((await withToken(await botTokenOf(kept))).status).toBe(200);
  });

  it('reads no table whole to find what is old', async () => {
    const asked = vi.spyOn(env.DB, 'prepare');
    await keepHouse(0);
    const statements = asked.mock.calls.map(([sql]) => sql).filter((sql) => /^delete|from "?apps"?/i.test(sql));
    asked.mockRestore();
    expect(statements.length).toBeGreaterThanOrEqual(2);
    for (const sql of statements) {
      const values = Array.from(sql.matchAll(/\?/g), () => 1);
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...values)
        .all<{ detail: string }>();
      for (const { detail } of results) expect(detail, sql).not.toMatch(/^SCAN (?!CONSTANT)/);
    }
  });
});
