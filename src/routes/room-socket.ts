// The door of a room's socket: who may come in to the stream comes in, and the room does the rest.
import { Hono } from 'hono';
import { requireSameOrigin } from '../auth/same-origin.ts';
import type { SocketAsk } from '../domain/chat/guest.ts';
import type { ShardPlace } from '../domain/chat/shard-plan.ts';
import { isGated } from '../domain/visibility.ts';
import { RoomQuery } from '../protocol/chat/connect.ts';
import { StreamId } from '../protocol/ids.ts';
import type { Refusal } from '../protocol/origin.ts';
import { findStream, type StreamRecord } from '../storage/streams.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import { unfit } from './guards/problems.ts';
import { roomOf, shardOf } from './objects.ts';
import { placeOf, unlessRefused } from './room/caller.ts';
import { knownStream, passEndMs, unknownStream } from './viewers.ts';

export const roomSocket = new Hono<AppEnv>();

roomSocket.get('/:id/room', async (c, next) => {
  // Without an upgrade the same address says how the room is set.
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') return next();
  const id = StreamId.safeParse(c.req.param('id'));
  if (!id.success) throw unfit('path', id.error);
  const parsed = RoomQuery.safeParse(c.req.query());
  if (!parsed.success) throw unfit('query', parsed.error);
  const query = parsed.data;
  const hasCredential = query.ticket !== undefined || query.resume !== undefined;
  const stream = hasCredential ? await anyStream(c, id.data) : await openStream(c, id.data);
  const untilMs = hasCredential ? null : await passEndMs(c, stream, 'chat');
  const ask: SocketAsk = { place: placeOf(stream), query, untilMs };
  const url = `https://room/?ask=${encodeURIComponent(JSON.stringify(ask))}`;
  const upgrade = { headers: { Upgrade: 'websocket' } };
  const answer = await roomOf(c.env, stream.id).fetch(url, upgrade);
  if (answer.webSocket) return answer;
  const said = await answer.json<Refusal | ShardPlace>();
  const inShard = said.ok
    ? await shardOf(c.env, stream.id, said.shard).fetch(`${url}&shard=${said.shard}`, upgrade)
    : null;
  if (inShard?.webSocket) return inShard;
  const refusal = said.ok ? await inShard!.json<Refusal>() : said;
  // A credential that opens nothing does not tell that there is a private stream.
  if (refusal.code === 'unauthenticated' && isGated(stream.visibility, 'details')) throw unknownStream(id.data);
  return unlessRefused(refusal);
});

/** A ticket was given to who may come in; whether it is good is the room's to say. */
async function anyStream(c: AppContext, id: StreamId): Promise<StreamRecord> {
  const stream = await findStream(c.env.DB, id);
  if (!stream) throw unknownStream(id);
  return stream;
}

/** Nobody in particular. What only a cookie would open stays shut: a socket without a visit does not end with a session. */
async function openStream(c: AppContext, id: StreamId): Promise<StreamRecord> {
  if (c.req.header('Origin') !== undefined)
    requireSameOrigin({ request: c.req.raw, base: baseUrl(c) }, { whenUnknown: 'allow' });
  return knownStream(c, id, { offering: 'chat' });
}
