// Where the sockets of a room sit: in the room itself while it is small, in shards when it is big; and when that changes.
import type { StreamId } from '../../protocol/ids.ts';

export interface ShardSizes {
  /** So many sockets, and shards hold them; half as many, and the room does again. */
  from: number;
  /** Of one shard. */
  perShard: number;
}

/** The state of a plan: how many shards there have been, and whether newcomers go there. */
export interface ShardPlan {
  opened: number;
  isSharded: boolean;
}

export const NO_SHARDS: ShardPlan = { opened: 0, isSharded: false };

/** Sockets that are asked to move together, and how often: while they are away they count for nothing, and too many of them would make the room look small. */
export const MOVES_AT_ONCE = 100;
export const MOVES_EVERY_MS = 200;

/** Between the two numbers a room stays as it is, so that one who comes and goes moves nobody. */
export function isShardedAt(sockets: number, isSharded: boolean, { from }: ShardSizes): boolean {
  return isSharded ? sockets > from / 2 : sockets >= from;
}

/** The emptiest shard that has room, else a new one. */
export function shardFor(sockets: readonly number[], { perShard }: ShardSizes): number {
  let best = -1;
  for (const [index, count] of sockets.entries())
    if (count < perShard && (best < 0 || count < sockets[best]!)) best = index;
  return best < 0 ? sockets.length : best;
}

/** By which shard of the room somebody is to come in. */
export interface ShardPlace {
  ok: true;
  shard: number;
}

export const shardName = (streamId: StreamId, index: number): string => `${streamId}/${index}`;
