// Appeals, as they are kept: at most one open of a person on a channel, and one about a ban everywhere.
import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { APPEAL_DAYS, type AppealState, CLOSED_APPEAL_DAYS, OWN_APPEALS_LISTED } from '../protocol/appeals.ts';
import type { AppealId, ChannelId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { appeals, bans, users } from './schema.ts';

export type AppealRecord = typeof appeals.$inferSelect;
type Where = Pick<AppealRecord, 'channelId' | 'userId'>;
export type ListedAppeal = AppealRecord & { handle: string; name: string };

const DAY_MS = 24 * 3_600_000;
const SWEPT_AT_ONCE = 500;

/** Before anything is read: what nobody answered in time, or whose ban is no more, lapses; what was closed long ago is forgotten. */
export async function lapseAppeals(db: D1Database, channelId: ChannelId | null, nowMs: number): Promise<void> {
  const { state, askedAtMs, closedAtMs } = appeals;
  const sameList = sql`${bans.channelId} IS ${appeals.channelId}`;
  const stands = sql`EXISTS (SELECT 1 FROM ${bans} WHERE ${bans.userId} = ${appeals.userId} AND ${sameList}
    AND ${bans.bannedAtMs} = ${appeals.bannedAtMs} AND (${bans.untilMs} IS NULL OR ${bans.untilMs} > ${nowMs}))`;
  const isOver = sql`(${askedAtMs} <= ${nowMs - APPEAL_DAYS * DAY_MS} OR NOT ${stands})`;
  await shelves(db).batch([
    shelves(db)
      .update(appeals)
      .set({ state: 'lapsed', closedAtMs: nowMs })
      .where(and(isOn(channelId), eq(state, 'open'), isOver)),
    shelves(db)
      .delete(appeals)
      .where(and(isOn(channelId), lte(closedAtMs, nowMs - CLOSED_APPEAL_DAYS * DAY_MS))),
  ]);
}

/** On every list: what nobody answered in time lapses, and what was closed long ago is forgotten; so many at once, by an index each. */
export async function sweepAppeals(db: D1Database, nowMs: number): Promise<void> {
  const overdue = `SELECT id FROM appeals WHERE state = 'open' AND asked_at_ms <= ? ORDER BY asked_at_ms LIMIT ${SWEPT_AT_ONCE}`;
  const old = `SELECT id FROM appeals WHERE closed_at_ms <= ? ORDER BY closed_at_ms LIMIT ${SWEPT_AT_ONCE}`;
  await db.batch([
    db
      .prepare(`UPDATE appeals SET state = 'lapsed', closed_at_ms = ${nowMs} WHERE id IN (${overdue})`)
      .bind(nowMs - APPEAL_DAYS * DAY_MS),
    db.prepare(`DELETE FROM appeals WHERE id IN (${old})`).bind(nowMs - CLOSED_APPEAL_DAYS * DAY_MS),
  ]);
}

/** False: another of theirs is open. */
export async function keepAppeal(db: D1Database, appeal: AppealRecord): Promise<boolean> {
  const kept = await shelves(db).insert(appeals).values(appeal).onConflictDoNothing().returning({ id: appeals.id });
  return kept.length > 0;
}

/** Theirs, the newest first. */
export async function listAppealsOf(db: D1Database, { channelId, userId }: Where): Promise<AppealRecord[]> {
  return shelves(db)
    .select()
    .from(appeals)
    .where(and(isOn(channelId), eq(appeals.userId, userId)))
    .orderBy(desc(appeals.askedAtMs))
    .limit(OWN_APPEALS_LISTED);
}

export type AppealCursor = PageEnd<AppealId>;

interface AppealsWanted {
  channelId: ChannelId | null;
  state: 'open' | 'closed';
  /** The last of the page before. */
  after?: AppealCursor | undefined;
  limit: number;
}

/** Of everybody: open ones as they came, closed ones the newest first. `next` null: there are no more. */
export async function listAppeals(db: D1Database, { channelId, state, after, limit }: AppealsWanted) {
  const isOpen = state === 'open';
  const { askedAtMs, closedAtMs, id } = appeals;
  const rows = await shelves(db)
    .select({ appeal: appeals, handle: users.handle, name: users.name })
    .from(appeals)
    .innerJoin(users, eq(users.id, appeals.userId))
    .where(
      and(
        isOn(channelId),
        isOpen ? eq(appeals.state, 'open') : isNotNull(closedAtMs),
        after &&
          (isOpen
            ? sql`(${askedAtMs}, ${id}) > (${after.atMs}, ${after.id})`
            : sql`(${closedAtMs}, ${id}) < (${after.atMs}, ${after.id})`),
      ),
    )
    .orderBy(...(isOpen ? [asc(askedAtMs), asc(id)] : [desc(closedAtMs), desc(id)]))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, ({ appeal }) => ({
    atMs: isOpen ? appeal.askedAtMs : appeal.closedAtMs,
    id: appeal.id,
  }));
  return { appeals: page.map(({ appeal, ...person }): ListedAppeal => ({ ...appeal, ...person })), next };
}

export async function findAppeal(
  db: D1Database,
  { channelId, id }: { channelId: ChannelId | null; id: AppealId },
): Promise<AppealRecord | null> {
  const [row] = await shelves(db)
    .select()
    .from(appeals)
    .where(and(isOn(channelId), eq(appeals.id, id)));
  return row ?? null;
}

interface Answer {
  state: Exclude<AppealState, 'open'>;
  reason: string | null;
  nowMs: number;
}

/** Null: somebody else was faster. */
export async function closeAppeal(
  db: D1Database,
  id: AppealId,
  { state, reason, nowMs }: Answer,
): Promise<AppealRecord | null> {
  const [row] = await shelves(db)
    .update(appeals)
    .set({ state, reason, closedAtMs: nowMs })
    .where(and(eq(appeals.id, id), eq(appeals.state, 'open')))
    .returning();
  return row ?? null;
}

/** Their ban was lifted without an answer: that is one. */
export async function closeAppealsOf(db: D1Database, { channelId, userId }: Where, answer: Answer): Promise<void> {
  const { state, reason, nowMs } = answer;
  await shelves(db)
    .update(appeals)
    .set({ state, reason, closedAtMs: nowMs })
    .where(and(isOn(channelId), eq(appeals.userId, userId), eq(appeals.state, 'open')));
}

const isOn = (channelId: ChannelId | null) =>
  channelId === null ? isNull(appeals.channelId) : eq(appeals.channelId, channelId);
