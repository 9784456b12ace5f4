// Tells the rooms what has happened elsewhere: somebody has signed out, lost a role, followed, or left.

import type { Restraining } from '../../../durable-objects/live-room/moderating.ts';
import type { LiveRoom } from '../../../durable-objects/live-room.ts';
import type { Moderator, Whose } from '../../domain/chat/guest.ts';
import type { Closing } from '../../protocol/chat/closing.ts';
import type { ChannelId, StreamId, UserId } from '../../protocol/ids.ts';
import type { ReportNotice } from '../../protocol/reports.ts';
import { listOpenRooms, listRoomsNear, listRoomsOnAir, listVisitedRooms } from '../../storage/room-visits.ts';
import { roomOf } from '../objects.ts';

type Room = DurableObjectStub<LiveRoom>;

/** Rooms that are told at the same time. */
const AT_ONCE = 20;

/** Their sockets end, in every room or in those of one channel. */
export async function turnAwayFromRooms(
  env: Env,
  { channelId, ...whose }: Whose & { channelId?: ChannelId },
  closing: Closing,
): Promise<void> {
  const ids = await listVisitedRooms(env.DB, { ...whose, channelId });
  await inRooms(env, ids, (room) => room.turnAway(whose, closing));
}

/** They follow the channel since then; null: no longer. */
export async function tellFollowed(
  env: Env,
  { userId, channelId, followedAtMs }: { userId: UserId; channelId: ChannelId; followedAtMs: number | null },
): Promise<void> {
  const ids = await listVisitedRooms(env.DB, { userId, channelId });
  await inRooms(env, ids, (room) => room.followed(userId, followedAtMs));
}

/** Somebody is banned on a channel, or everywhere, or no longer: every room where they may be or come hears it. `reach`: the networks and devices that it is about as well. */
export async function tellRestrained(
  env: Env,
  {
    by,
    channelId,
    told,
    reach,
  }: { by: Moderator; channelId: ChannelId | null; told: Restraining; reach: readonly string[] },
): Promise<void> {
  const { userId } = told;
  const visited = await listVisitedRooms(env.DB, channelId === null ? { userId } : { userId, channelId });
  // Whoever comes by the same network may sit where the banned person has never been.
  const open = await (channelId === null ? listRoomsNear(env.DB, reach) : listOpenRooms(env.DB, channelId));
  await inRooms(env, [...new Set([...visited, ...open])], (room) => room.restrained(by, told));
}

/** How lines are judged on the channel, or everywhere, has changed: every room where something may be said hears it. */
export async function tellRulesChanged(env: Env, channelId: ChannelId | null): Promise<void> {
  const visited = await listVisitedRooms(env.DB, channelId === null ? {} : { channelId });
  const open = await (channelId === null ? listRoomsOnAir(env.DB) : listOpenRooms(env.DB, channelId));
  await inRooms(env, [...new Set([...visited, ...open])], (room, id) => room.rulesChanged(id));
}

/** Two people are hidden from each other, or no longer: the rooms where either may be hear it. */
export async function tellParted(
  env: Env,
  { people: [one, other], isHidden }: { people: [UserId, UserId]; isHidden: boolean },
): Promise<void> {
  const visited = await Promise.all([one, other].map((userId) => listVisitedRooms(env.DB, { userId })));
  await inRooms(env, [...new Set(visited.flat())], (room) => room.parted(one, other, isHidden));
}

/** Something was reported on the channel, or a report was answered: its moderators hear it where they are. */
export async function tellReported(env: Env, channelId: ChannelId, notice: ReportNotice): Promise<void> {
  const open = await listOpenRooms(env.DB, channelId);
  await inRooms(env, [...new Set([notice.streamId, ...open])], (room) => room.reported(notice));
}

/** Tries twice: what was decided elsewhere holds all the same, so a room that cannot be told is only reported. */
export async function inRooms(
  env: Env,
  ids: readonly StreamId[],
  tell: (room: Room, id: StreamId) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const told = ids.slice(from, from + AT_ONCE).map(async (id) => {
      await tell(roomOf(env, id), id)
        .catch(() => tell(roomOf(env, id), id))
        .catch((error) => console.error(`The room of ${id} could not be told.`, error));
    });
    await Promise.all(told);
  }
}
