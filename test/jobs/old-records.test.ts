import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { forgetOldRecords } from '../../src/jobs/old-records.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { keepUser } from '../../src/storage/users.ts';
import { openStream } from '../routes/support.ts';

const DAY_MS = 86_400_000;
let stream: CreatedStream;

const insert = (table: string, row: Record<string, unknown>) => {
  const names = Object.keys(row);
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return env.DB.prepare(sql)
    .bind(...Object.values(row))
    .run();
};
const namesIn = async (table: string, column: string): Promise<string[]> =>
  (await env.DB.prepare(`SELECT ${column} AS name FROM ${table} ORDER BY name`).all<{ name: string }>()).results.map(
    ({ name }) => name,
  );
const report = async (name: string, reportedDays: number, answeredDays: number | null = null) => {
  const at = (days: number) => Date.now() - days * DAY_MS;
  await insert('reports', {
    id: `rp_${name}`,
    channel_id: stream.channelId,
    stream_id: stream.id,
    message_id: `ms_${name}`,
    context: '[]',
    reported_at_ms: at(reportedDays),
    answered_at_ms: answeredDays === null ? null : at(answeredDays),
  });
  await insert('complaints', { report_id: `rp_${name}`, reason: 'hate', complained_at_ms: at(reportedDays) });
};

beforeEach(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
  stream = await openStream('ada');
});

describe('what moderation keeps', () => {
  it('is forgotten when its time is over, although nobody writes anything new', async () => {
    await report('answered_long_ago', 100, 91);
    await report('answered', 179, 89);
    await report('waiting', 179);
    await report('waited_too_long', 181);
    const at = (days: number) => Date.now() - days * DAY_MS;
    for (const days of [364, 366]) {
      const act = { channel_id: stream.channelId, user_id: 'us_ben0', action: 'ban.placed' };
      await insert('person_acts', { id: `au_${days}days`, ...act, at_ms: at(days) });
    }
    for (const days of [29, 31])
      await insert('sightings', { user_id: 'us_ben0', tag: `${days}`, seen_at_ms: at(days) });
    const appeal = { user_id: 'us_ben0', channel_id: stream.channelId, banned_at_ms: 1, text: 'Please' };
    for (const days of [364, 366])
      await insert('appeals', {
        ...{ id: `al_closed${days}`, ...appeal, state: 'upheld', reason: 'No' },
        ...{ asked_at_ms: at(days + 1), closed_at_ms: at(days) },
      });
    await insert('appeals', { id: 'al_unanswered', ...appeal, state: 'open', asked_at_ms: at(31) });

    await forgetOldRecords(env, Date.now());

    expect(await namesIn('reports', 'id')).toEqual(['rp_answered', 'rp_waiting']);
    expect(await namesIn('complaints', 'report_id')).toEqual(['rp_answered', 'rp_waiting']);
    expect(await namesIn('person_acts', 'id')).toEqual(['au_364days']);
    expect(await namesIn('sightings', 'tag')).toEqual(['29']);
    expect(await namesIn('appeals', "id || ' ' || state")).toEqual(['al_closed364 upheld', 'al_unanswered lapsed']);
  });

  it('of reports, appeals, acts and networks is found by an index, however much there is', async () => {
    const asked = vi.spyOn(env.DB, 'prepare');
    await forgetOldRecords(env, Date.now());
    const statements = asked.mock.calls
      .map(([sql]) => sql)
      .filter((sql) => /reports|appeals|person_acts|sightings/.test(sql));
    asked.mockRestore();
    expect(statements).toHaveLength(8);
    for (const sql of statements) {
      const values = Array.from({ length: /\?/.test(sql) ? 1 : 0 }, () => 1);
      const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...values)
        .all<{ detail: string }>();
      for (const { detail } of plan.results) expect(detail, sql).not.toMatch(/^SCAN|TEMP B-TREE FOR ORDER/);
    }
  });
});
