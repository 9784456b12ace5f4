// Removes apps that were deleted a while ago, with their bots, where nothing is left that belongs to one.
import type { AppId, UserId } from '../protocol/ids.ts';
import { PERSONAL_DATA } from './personal-data.ts';

const AT_ONCE = 20;

/** A bot that has a channel, or has said something, stays with its app: by it they are found when the app's owner is erased. */
const OLD = `
  SELECT id, bot_id AS botId FROM apps
  WHERE deleted_at_ms < ?1
    AND NOT EXISTS (SELECT 1 FROM channels WHERE owner_id = bot_id)
    AND NOT EXISTS (SELECT 1 FROM messages WHERE author_id = bot_id)
  LIMIT ${AT_ONCE}`;

/** Whatever an erasure would delete of an account, by the data map. */
const OF_BOT = PERSONAL_DATA.flatMap(({ table, mine, erased }) =>
  erased === 'delete' ? [`DELETE FROM ${table} WHERE ${mine}`] : [],
);

export async function removeOldApps(
  db: D1Database,
  { nowMs, keptForMs }: { nowMs: number; keptForMs: number },
): Promise<void> {
  const { results } = await db
    .prepare(OLD)
    .bind(nowMs - keptForMs)
    .all<{ id: AppId; botId: UserId | null }>();
  for (const { id, botId } of results) {
    const ofBot = botId ? [...OF_BOT, 'DELETE FROM users WHERE id = ?1'].map((sql) => db.prepare(sql).bind(botId)) : [];
    await db.batch([...ofBot, db.prepare('DELETE FROM apps WHERE id = ?1').bind(id)]);
  }
}
