// The way to the Durable Objects: which one is whose.
import { shardName } from '../domain/chat/shard-plan.ts';
import type { StreamId } from '../protocol/ids.ts';
import type { OriginConfig } from '../protocol/origin.ts';
import type { NewStream } from '../storage/streams.ts';

/** The authority on one stream; its name is the stream's id. */
export const originOf = (env: Env, streamId: StreamId) => env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(streamId));

/** What it has to know of its stream. */
export const originConfigOf = ({
  id: streamId,
  channelId,
  latency,
  reconnectWindowSeconds,
}: Pick<NewStream, 'id' | 'channelId' | 'latency' | 'reconnectWindowSeconds'>): OriginConfig => ({
  streamId,
  channelId,
  latency,
  reconnectWindowSeconds,
});

/** The room of one stream; its name is the stream's id too. */
export const roomOf = (env: Env, streamId: StreamId) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(streamId));

/** A shard of a big room, which holds some of its sockets. */
export const shardOf = (env: Env, streamId: StreamId, index: number) =>
  env.ROOM_SHARD.get(env.ROOM_SHARD.idFromName(shardName(streamId, index)));

/** There is one fleet. */
export const fleetOf = (env: Env) => env.FLEET.get(env.FLEET.idFromName('fleet'));
