// Places a ban and lifts it: kept first, then told to every room where it matters.
import type { Restraining } from '../../../durable-objects/live-room/moderating.ts';
import type { Moderator } from '../../domain/chat/guest.ts';
import type { Ban, PlaceBan } from '../../protocol/bans.ts';
import { truncatedNetwork } from '../../protocol/network.ts';
import { closeAppealsOf } from '../../storage/appeals.ts';
import { type BanRecord, findBan, liftBan, placeBan } from '../../storage/bans.ts';
import { keepAct, undoBans } from '../../storage/person-acts.ts';
import { listTagsOf } from '../../storage/sightings.ts';
import type { UserRecord } from '../../storage/users.ts';
import { note } from '../audit-note.ts';
import { type AppContext, remoteAddress } from '../context.ts';
import { signedIn } from '../guards/authenticate.ts';
import type { ChannelPlace } from '../guards/permit.ts';
import { quotaExceeded } from '../quota.ts';
import { toPerson } from '../representations.ts';
import { toRestraint } from '../room/caller.ts';
import { tellRestrained } from '../room/telling.ts';

/** Where and whom. `channel` null: everywhere. */
interface Act {
  channel: ChannelPlace | null;
  user: UserRecord;
}

export async function ban(c: AppContext, { wanted, ...act }: Act & { wanted: PlaceBan }): Promise<Ban> {
  const { seconds, effect, network, reason = null, removeMessages } = wanted;
  const nowMs = Date.now();
  const where = { channelId: act.channel?.id ?? null, userId: act.user.id };
  const before = await findBan(c.env.DB, where, nowMs);
  const untilMs = seconds === null ? null : nowMs + seconds * 1000;
  const record: BanRecord = {
    ...where,
    effect,
    reach: network ? 'network' : 'person',
    reason,
    bannedAtMs: nowMs,
    untilMs,
  };
  if (!(await placeBan(c.env.DB, record, nowMs))) throw quotaExceeded('bans');
  note(c, {
    action: 'ban.placed',
    target: { type: 'user', id: where.userId },
    before: before && factsOf(before),
    after: { ...factsOf(record), removeMessages },
    reason,
  });
  await rememberAct(c, act, { action: 'ban.placed', reason, untilMs }, nowMs);
  // Whoever is in a room already by the same network or device is found by these.
  const reach = await reachOf(c, [before, record], nowMs);
  const tags = network ? reach : [];
  const placed = toBan(record, act.user);
  await tell(c, { ...act, reach, ban: placed }, { atMs: nowMs, restraint: toRestraint(record), removeMessages, tags });
  return placed;
}

/** Nothing happens where there is none. */
export async function unban(c: AppContext, act: Act): Promise<void> {
  const before = await liftBan(c.env.DB, { channelId: act.channel?.id ?? null, userId: act.user.id });
  if (!before) return;
  const where = { channelId: before.channelId, userId: act.user.id };
  await closeAppealsOf(c.env.DB, where, { state: 'lifted', reason: null, nowMs: Date.now() });
  note(c, { action: 'ban.lifted', target: { type: 'user', id: act.user.id }, before: factsOf(before) });
  await undoBans(c.env.DB, { channelId: act.channel?.id ?? null, userId: act.user.id }, Date.now());
  await rememberAct(c, act, { action: 'ban.lifted', reason: null, untilMs: null }, Date.now());
  const reach = await reachOf(c, [before], Date.now());
  const atMs = Math.max(Date.now(), before.bannedAtMs);
  await tell(c, { ...act, reach, ban: null }, { atMs, restraint: null, removeMessages: false });
}

export const toBan = (
  { channelId, effect, reach, reason, bannedAtMs, untilMs }: Omit<BanRecord, 'userId'>,
  user: Pick<UserRecord, 'id' | 'handle' | 'name'>,
): Ban => ({
  user: toPerson(user),
  channelId,
  effect,
  network: reach === 'network',
  reason,
  bannedAt: new Date(bannedAtMs).toISOString(),
  until: untilMs === null ? null : new Date(untilMs).toISOString(),
});

const factsOf = ({ channelId, effect, reach, untilMs }: BanRecord) => ({ channelId, effect, reach, untilMs });

/** The networks and devices that one of these bans is about beside its person. */
async function reachOf(c: AppContext, bans: readonly (BanRecord | null)[], nowMs: number): Promise<string[]> {
  const wide = bans.find((ban) => ban?.reach === 'network');
  return wide ? listTagsOf(c.env.DB, wide.userId, nowMs) : [];
}

/** For the card of the person. */
const rememberAct = (
  c: AppContext,
  { channel, user }: Act,
  act: { action: 'ban.placed' | 'ban.lifted'; reason: string | null; untilMs: number | null },
  nowMs: number,
): Promise<void> =>
  keepAct(
    c.env.DB,
    { ...act, channelId: channel?.id ?? null, userId: user.id, byId: c.get('principal')?.id ?? null },
    nowMs,
  );

async function tell(
  c: AppContext,
  { channel, user, reach, ban }: Act & { reach: readonly string[]; ban: Ban | null },
  told: Pick<Restraining, 'atMs' | 'restraint' | 'removeMessages' | 'tags'>,
): Promise<void> {
  const { id, handle, name, appId } = signedIn(c, 'channel:moderate');
  const network = truncatedNetwork(remoteAddress(c));
  const by: Moderator = { id, handle, name, appId, network, requestId: c.get('requestId') ?? null };
  const scope = channel ? ('channel' as const) : ('platform' as const);
  const shown = { user: { id: user.id, handle: user.handle, name: user.name }, ban };
  const heard = { ...told, scope, userId: user.id, shown };
  await tellRestrained(c.env, { by, channelId: channel?.id ?? null, reach, told: heard });
}
