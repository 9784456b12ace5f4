// The way to the Durable Objects: which one is whose.
import type { StreamId } from '../protocol/ids.ts';

/** The authority on one stream; its name is the stream's id. */
export const originOf = (env: Env, streamId: StreamId) => env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(streamId));

/** The room of one stream; its name is the stream's id too. */
export const roomOf = (env: Env, streamId: StreamId) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(streamId));

/** There is one fleet. */
export const fleetOf = (env: Env) => env.FLEET.get(env.FLEET.idFromName('fleet'));
