// Where the sockets of a room sit: in the room itself while it is small, in shards when it is big, behind hubs when it is huge; and when that changes.
import type { StreamId } from '../../protocol/ids.ts';

export interface ShardSizes {
  /** So many sockets, and shards hold them; half as many, and the room does again. */
  from: number;
  /** Of one shard. */
  perShard: number;
  /** Shards that one object speaks to. With more of them hubs stand between, and each speaks to so many. */
  perHub: number;
}

/** As wrangler.toml has it, and as the model of docs/capacity.md reckons. */
export const BIG_ROOM: ShardSizes = { from: 2000, perShard: 2000, perHub: 20 };
/** That a room speaks to: 25 x 20 shards of 2,000 are a million sockets. */
export const HUBS_MAX = 25;

/** The state of a plan: how many shards there have been, and whether newcomers go there. */
export interface ShardPlan {
  opened: number;
  isSharded: boolean;
  /** Are shards used that the room reaches by hubs only? */
  isHubbed: boolean;
}

export const NO_SHARDS: ShardPlan = { opened: 0, isSharded: false, isHubbed: false };

/** Sockets that are asked to move together, and how often: while they are away they count for nothing, and too many of them would make the room look small. */
export const MOVES_AT_ONCE = 100;
export const MOVES_EVERY_MS = 200;

/** Between the two numbers a room stays as it is, so that one who comes and goes moves nobody. */
export function planFor(sockets: number, plan: ShardPlan, { from, perShard, perHub }: ShardSizes): ShardPlan {
  const withoutHubs = perShard * perHub;
  const isSharded = plan.isSharded ? sockets > from / 2 : sockets >= from;
  const isHubbed = isSharded && sockets > (plan.isHubbed ? withoutHubs / 2 : withoutHubs);
  return { opened: plan.opened, isSharded, isHubbed };
}

/** The emptiest shard that has room, else a new one. `sockets`: of each shard that has been opened. */
export function shardFor(
  sockets: readonly number[],
  plan: Pick<ShardPlan, 'isHubbed'>,
  { perShard, perHub }: ShardSizes,
): number {
  const usable = plan.isHubbed ? sockets : sockets.slice(0, perHub);
  let best = -1;
  for (const [index, count] of usable.entries())
    if (count < perShard && (best < 0 || count < usable[best]!)) best = index;
  return best < 0 ? usable.length : best;
}

export const shardsMax = ({ perHub }: ShardSizes): number => perHub * HUBS_MAX;

export interface ShardMove {
  shard: number;
  count: number;
}

/** Who sits in a shard that is not used any more is asked away: so many of all of them together. */
export function movesFrom(
  sockets: readonly number[],
  plan: ShardPlan,
  { sizes: { perHub }, atMost }: { sizes: ShardSizes; atMost: number },
): ShardMove[] {
  if (plan.isSharded && plan.isHubbed) return [];
  const moves: ShardMove[] = [];
  let left = atMost;
  for (let shard = plan.isSharded ? perHub : 0; shard < sockets.length; shard++) {
    const count = Math.min(left, sockets[shard]!);
    if (count > 0) moves.push({ shard, count });
    left -= count;
  }
  return moves;
}

/** By which shard of the room somebody is to come in. */
export interface ShardPlace {
  ok: true;
  shard: number;
}

export const shardName = (streamId: StreamId, index: number): string => `${streamId}/${index}`;
export const hubName = (streamId: StreamId, index: number): string => `${streamId}/hub/${index}`;
