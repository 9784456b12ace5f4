// A long stream that is cleared: the database takes it in portions, and a failure on the way loses nothing.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { clearMessages } from '../../src/storage/clearing.ts';
import { openRoom } from '../durable-objects/room-guest.ts';

const LINES = 11_000;
const ONE_STATEMENT_MAX = 5000;

/** The database, and how many rows each statement changed; it fails at the statement that is named. */
function watched(failingRun: number) {
  const changed: number[] = [];
  const prepare = (query: string) => ({
    bind: (...values: unknown[]) => {
      const statement = env.DB.prepare(query).bind(...values);
      const run = async () => {
        if (changed.length === failingRun) throw new Error('The database is away.');
        const result = await statement.run();
        changed.push(result.meta.changes);
        return result;
      };
      return { first: () => statement.first(), run };
    },
  });
  return { db: { prepare } as unknown as D1Database, changed };
}

it('is cleared in portions, and to its end after a failure on the way', async () => {
  const [{ streamId }, other] = [await openRoom(), await openRoom()];
  const say = `
    INSERT INTO messages (id, stream_id, text, sent_at_ms, seq, kind)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
    SELECT 'ms_' || ?1 || 'x' || i, ?1, 'Line', i / 7, i, CASE WHEN i = 9 THEN 'announcement' END FROM n`;
  await env.DB.prepare(say).bind(streamId, LINES).run();
  await env.DB.prepare(say).bind(other.streamId, 3).run();
  const left = async () => {
    const rows = 'SELECT stream_id AS id, seq FROM messages WHERE removed_at_ms IS NULL AND stream_id IN (?, ?)';
    return (await env.DB.prepare(rows).bind(streamId, other.streamId).all<{ id: string; seq: number }>()).results;
  };
  const clearing = { streamId, upToSeq: LINES - 1, atMs: 5 };
  const failing = watched(1);
  await expect(clearMessages(failing.db, clearing)).rejects.toThrow('away');
  expect(await left()).toHaveLength(LINES + 3 - (ONE_STATEMENT_MAX - 1));
  const { db, changed } = watched(Number.POSITIVE_INFINITY);
  await clearMessages(db, clearing);
  expect(Math.max(...failing.changed, ...changed)).toBeLessThanOrEqual(ONE_STATEMENT_MAX);
  const kept = await left();
  // What was announced, what was said afterwards, and what was said elsewhere.
  expect(kept.filter(({ id }) => id === streamId).map(({ seq }) => seq)).toEqual([9, LINES]);
  expect(kept.filter(({ id }) => id === other.streamId)).toHaveLength(3);
});
