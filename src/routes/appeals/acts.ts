// What is done with appeals, on a channel as everywhere: made, listed, answered.
import { mayAskAgainAtMs, refusedAppeal, UNDER_WAY } from '../../domain/appeals.ts';
import { iso } from '../../domain/iso.ts';
import {
  type AnswerAppeal,
  APPEAL_DAYS,
  type Appeal,
  type AppealPage,
  type ListAppealsQuery,
  type OwnAppeals,
} from '../../protocol/appeals.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { AppealId, type ChannelId, mintId } from '../../protocol/ids.ts';
import {
  type AppealRecord,
  closeAppeal,
  findAppeal,
  keepAppeal,
  lapseAppeals,
  listAppeals,
  listAppealsOf,
} from '../../storage/appeals.ts';
import { type BanRecord, findBan } from '../../storage/bans.ts';
import type { UserRecord } from '../../storage/users.ts';
import { note } from '../audit-note.ts';
import { unban } from '../bans/acts.ts';
import type { AppContext } from '../context.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { ChannelPlace } from '../guards/permit.ts';
import { requireAccount } from '../guards/permit.ts';
import { toPerson } from '../representations.ts';

/** `channelId` null: about a ban everywhere. */
export async function makeAppeal(c: AppContext, channelId: ChannelId | null, text: string): Promise<Appeal> {
  const me = requireAccount(c, 'appeal.make');
  const where = { channelId, userId: me.id };
  const nowMs = Date.now();
  await lapseAppeals(c.env.DB, channelId, nowMs);
  const [ban, [last = null]] = await Promise.all([findBan(c.env.DB, where, nowMs), listAppealsOf(c.env.DB, where)]);
  const known = knownOf(ban);
  const refusal = refusedAppeal(known, last, nowMs);
  if (refusal?.retryAfterSeconds) c.header('RateLimit', `"appeals";r=0;t=${refusal.retryAfterSeconds}`);
  if (refusal || !known) throw toError(refusal ?? UNDER_WAY);
  const id = AppealId.parse(mintId('al', crypto.getRandomValues(new Uint8Array(16))));
  const { bannedAtMs } = known;
  const asked = { state: 'open' as const, askedAtMs: nowMs, closedAtMs: null, reason: null };
  const appeal: AppealRecord = { id, ...where, bannedAtMs, text, ...asked };
  if (!(await keepAppeal(c.env.DB, appeal))) throw toError(UNDER_WAY);
  note(c, { action: 'appeal.made', target: { type: 'appeal', id }, after: { channelId } });
  return toAppeal(appeal, me);
}

export async function appealsOfMine(c: AppContext, channelId: ChannelId | null): Promise<OwnAppeals> {
  const me = requireAccount(c, 'appeal.make');
  const where = { channelId, userId: me.id };
  const nowMs = Date.now();
  await lapseAppeals(c.env.DB, channelId, nowMs);
  const [ban, rows] = await Promise.all([findBan(c.env.DB, where, nowMs), listAppealsOf(c.env.DB, where)]);
  const refusal = refusedAppeal(knownOf(ban), rows[0] ?? null, nowMs);
  const waitSeconds = refusal?.retryAfterSeconds ?? null;
  return {
    appeals: rows.map((row) => toAppeal(row, me)),
    // Not a moment to compare with: the clock of who asks may be slow.
    mayAsk: refusal === null,
    mayAskFrom: orNull(waitSeconds === null ? null : nowMs + waitSeconds * 1000),
  };
}

export async function appealsOfAll(
  c: AppContext,
  channelId: ChannelId | null,
  { state, limit, cursor }: ListAppealsQuery,
): Promise<AppealPage> {
  const after = cursor === undefined ? undefined : readCursor(cursor, AppealId);
  await lapseAppeals(c.env.DB, channelId, Date.now());
  const { appeals, next } = await listAppeals(c.env.DB, { channelId, state, after, limit });
  return {
    appeals: appeals.map((row) => toAppeal(row, { ...row, id: row.userId })),
    nextCursor: next && writeCursor(next),
  };
}

/** Who is only held does not know of it. */
const knownOf = (ban: BanRecord | null): BanRecord | null => (ban?.effect === 'refuse' ? ban : null);

/** Before one may know whose it is: the appeal of the path, or 404. */
export async function existingAppeal(c: AppContext, channelId: ChannelId | null, id: AppealId): Promise<AppealRecord> {
  await lapseAppeals(c.env.DB, channelId, Date.now());
  const appeal = await findAppeal(c.env.DB, { channelId, id });
  if (!appeal) throw new FootlightError('not_found', `There is no appeal ${id} here. Read the list again.`);
  return appeal;
}

/** The first to answer has answered. */
export async function answerAppeal(
  c: AppContext,
  { channel, user, appeal }: { channel: ChannelPlace | null; user: UserRecord; appeal: AppealRecord },
  { decision, reason }: AnswerAppeal,
): Promise<Appeal> {
  const closed = await closeAppeal(c.env.DB, appeal.id, { state: decision, reason, nowMs: Date.now() });
  if (!closed)
    throw new FootlightError(
      'conflict',
      `The appeal is ${appeal.state === 'open' ? 'answered' : appeal.state} already.`,
    );
  if (decision === 'lifted') await unban(c, { channel, user });
  note(c, {
    action: 'appeal.answered',
    target: { type: 'appeal', id: appeal.id },
    after: { channelId: channel?.id ?? null, userId: user.id, decision },
    reason,
  });
  return toAppeal(closed, user);
}

const toAppeal = (
  { id, channelId, bannedAtMs, text, state, askedAtMs, closedAtMs, reason }: AppealRecord,
  user: Pick<UserRecord, 'id' | 'handle' | 'name'>,
): Appeal => ({
  id,
  user: toPerson(user),
  channelId,
  bannedAt: iso(bannedAtMs),
  text,
  state,
  askedAt: iso(askedAtMs),
  lapsesAt: state === 'open' ? iso(askedAtMs + APPEAL_DAYS * 24 * 3_600_000) : null,
  closedAt: orNull(closedAtMs),
  reason,
  mayAskAgainAt: orNull(mayAskAgainAtMs({ state, closedAtMs })),
});

const toError = ({ code, detail, retryAfterSeconds }: NonNullable<ReturnType<typeof refusedAppeal>>): FootlightError =>
  new FootlightError(code, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

const orNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
