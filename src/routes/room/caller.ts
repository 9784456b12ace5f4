// Who comes to a room, as the room knows them: with their roles there, and with what their credential was issued for.

import type { Principal } from '../../auth/principal.ts';
import { type Action, rolesAt, scopeOf } from '../../domain/access.ts';
import type { Caller, RoomPlace } from '../../domain/chat/guest.ts';
import { type HiddenAt, hiddenHere } from '../../domain/chat/hiding.ts';
import type { NearBan } from '../../domain/chat/network-ban.ts';
import type { Restraint, Restraints } from '../../domain/chat/restraint.ts';
import { appealsPath } from '../../protocol/appeals.ts';
import { VISIT_HOURS_MAX } from '../../protocol/chat/limits.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { StreamId, UserId } from '../../protocol/ids.ts';
import { truncatedNetwork } from '../../protocol/network.ts';
import type { Refusal } from '../../protocol/origin.ts';
import { type BanRecord, listBansOf } from '../../storage/bans.ts';
import { listHiddenFrom } from '../../storage/blocks.ts';
import { findChannelRole } from '../../storage/roles.ts';
import { keepRoomVisit } from '../../storage/room-visits.ts';
import { keepSightings, listBansNear } from '../../storage/sightings.ts';
import { findSpeakerFacts } from '../../storage/speakers.ts';
import type { StreamRecord } from '../../storage/streams.ts';
import { type AppContext, remoteAddress } from '../context.ts';
import { permit, requireAccount } from '../guards/permit.ts';
import { roomOf } from '../objects.ts';
import { knownStream } from '../viewers.ts';
import { tagsOf } from './tags.ts';

/** By what somebody came whose visits end with it. */
const holderOf = ({ sessionId, appId }: Pick<Principal, 'sessionId' | 'appId'>): string =>
  sessionId ?? appId ?? 'token';

export const placeOf = ({ id, state }: StreamRecord): RoomPlace => ({ streamId: id, streamState: state });

export async function callerOf(c: AppContext, principal: Principal, stream: StreamRecord): Promise<Caller> {
  const { id, handle, name, scopes, appId, expiresAtMs } = principal;
  const where = { userId: id, channelId: stream.channelId };
  const tags = await tagsOf(c);
  const [facts, bans, near] = await Promise.all([
    findSpeakerFacts(c.env.DB, where),
    listBansOf(c.env.DB, where),
    listBansNear(c.env.DB, { ...where, tags }, Date.now()),
  ]);
  if (!facts) throw new FootlightError('unauthenticated', 'Your account is gone. Sign in as somebody else.');
  return {
    id,
    handle,
    name,
    roles: rolesAt(principal, stream, facts.channelRole),
    followedAtMs: facts.followedAtMs,
    createdAtMs: facts.createdAtMs,
    restraints: restraintsOf(bans),
    tags,
    near: near.map(toNear),
    canSend: scopes.has('chat:write'),
    canModerate: scopes.has('channel:moderate'),
    holder: holderOf(principal),
    appId,
    network: truncatedNetwork(remoteAddress(c)),
    expiresAtMs,
    requestId: c.get('requestId') ?? null,
  };
}

const restraintsOf = (bans: readonly BanRecord[]): Restraints => ({
  channel: toRestraint(bans.find(({ channelId }) => channelId !== null)),
  platform: toRestraint(bans.find(({ channelId }) => channelId === null)),
});

export const toRestraint = (ban: BanRecord | undefined): Restraint | null => (ban ? restraintOfBan(ban) : null);

const restraintOfBan = ({ effect, bannedAtMs, untilMs, reach, channelId }: BanRecord): Restraint => ({
  effect,
  atMs: bannedAtMs,
  untilMs,
  reach,
  appealAt: appealsPath(channelId),
});

/** Without where it is appealed: that is for its subject. */
function toNear(ban: BanRecord): NearBan {
  const { appealAt: _appealAt, ...restraint } = restraintOfBan(ban);
  return { userId: ban.userId, scope: ban.channelId === null ? 'platform' : 'channel', restraint };
}

/** Whoever is signed out, banned or erased from now on is found in this room. */
export async function noteVisit(c: AppContext, streamId: StreamId): Promise<void> {
  const principal = c.get('principal');
  if (!principal) return;
  const nowMs = Date.now();
  const expiresAtMs = nowMs + VISIT_HOURS_MAX * 3_600_000;
  const { id: userId } = principal;
  await Promise.all([
    keepRoomVisit(c.env.DB, { userId, holder: holderOf(principal), streamId, expiresAtMs }, nowMs),
    keepSightings(c.env.DB, { userId, tags: await tagsOf(c) }, nowMs),
  ]);
}

/** Who is hidden from them, for a room that may be told of a change before this comes to it. */
export async function hiddenNow(c: AppContext, userId: UserId): Promise<HiddenAt> {
  const atMs = Date.now();
  return { ids: await listHiddenFrom(c.env.DB, userId), atMs };
}

/** Who is hidden from whoever asks, on this channel. */
export async function hiddenFromAsker(c: AppContext, stream: StreamRecord): Promise<ReadonlySet<string>> {
  const principal = c.get('principal');
  if (!principal) return new Set();
  const where = { channelId: stream.channelId, userId: principal.id };
  const [hidden, role] = await Promise.all([listHiddenFrom(c.env.DB, principal.id), findChannelRole(c.env.DB, where)]);
  return new Set(hiddenHere(hidden, rolesAt(principal, stream, role)));
}

/** The room of the path, for somebody who may do this in it. `beforeLooking`: done before it is looked up what stands against them. */
export async function roomFor(
  c: AppContext,
  id: StreamId,
  action: Action,
  beforeLooking: (c: AppContext, streamId: StreamId) => Promise<void> = async () => undefined,
) {
  requireAccount(c, action);
  const stream = await knownStream(c, id, { offering: 'chat', scope: scopeOf(action) });
  const principal = await permit(c, action, { id: stream.channelId, ownerId: stream.ownerId });
  await beforeLooking(c, stream.id);
  return {
    stream,
    place: placeOf(stream),
    caller: await callerOf(c, principal, stream),
    room: roomOf(c.env, stream.id),
  };
}

/** What the room refused, as the door answers it. */
export function unlessRefused<Answer extends { ok: true } | Refusal>(answer: Answer): Exclude<Answer, { ok: false }> {
  if (answer.ok) return answer as Exclude<Answer, { ok: false }>;
  const { code, detail, retryAfterSeconds, appealAt } = answer;
  throw new FootlightError(code, detail, {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(appealAt !== undefined && { appealAt }),
  });
}
