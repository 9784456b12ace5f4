// How big a room grows before others hold its sockets, as it is set.
import type { ShardSizes } from '../../src/domain/chat/shard-plan.ts';

type SizeSettings = Pick<Env, 'ROOM_SHARD_FROM' | 'ROOM_SHARD_SOCKETS' | 'ROOM_HUB_SHARDS'>;

export type ShardSettings = Pick<Env, 'ROOM_SHARD' | 'ROOM_HUB'> & SizeSettings;

export const sizesOf = ({ ROOM_SHARD_FROM, ROOM_SHARD_SOCKETS, ROOM_HUB_SHARDS }: SizeSettings): ShardSizes => ({
  from: Number(ROOM_SHARD_FROM),
  perShard: Number(ROOM_SHARD_SOCKETS),
  perHub: Number(ROOM_HUB_SHARDS),
});
