// Streams: open one, read it, change it, end it, list what is on.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Action, rolesAt, scopeOf } from '../domain/access.ts';
import { mayEnd } from '../domain/rank.ts';
import { isGated } from '../domain/visibility.ts';
import {
  CreatedStream,
  CreateStream,
  ListStreamsQuery,
  Stream,
  StreamNow,
  StreamPage,
  UpdateStream,
} from '../protocol/api.ts';
import { FootlightError } from '../protocol/errors.ts';
import { type ChannelId, mintId, StreamId } from '../protocol/ids.ts';
import { HealthReport } from '../protocol/live.ts';
import { changeStream, listStreams, type NewStream, recordStreamState, type StreamRecord } from '../storage/streams.ts';
import { findUser } from '../storage/users.ts';
import { changes, entryOf, note } from './audit-note.ts';
import { chat } from './chat.ts';
import { type AppContext, baseUrl } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { existingChannel, existingStream } from './existing.ts';
import { apiResource } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { isConditional, requireFresh, staleEtag, tagOf } from './guards/etag.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { currentState, viewersOf } from './live-state.ts';
import { members } from './members.ts';
import { originConfigOf, originOf } from './objects.ts';
import { openStreamAfterLast, ownNewChannel } from './open-stream.ts';
import { forScope, json, refusals } from './openapi.ts';
import { quotaOfStreams, requireRoomForStream } from './quota.ts';
import { ingestUrls, toCreatedStream, toStream } from './representations.ts';
import { changeGate, gateAfter, hashOf } from './stream-gate.ts';
import { streamPass } from './stream-pass.ts';
import { knownStream } from './viewers.ts';

const params = z.object({ id: StreamId });

export const streams = apiResource()
  .route('/', chat)
  .route('/', streamPass)
  .route('/', members)
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: 'Open a stream, on a channel of yours or on a new one',
      ...forScope('streams:write'),
      request: { body: { required: true, content: { 'application/json': { schema: CreateStream } } } },
      responses: {
        201: json('The stream, waiting for its encoder', CreatedStream),
        ...refusals('not_found', 'conflict', 'quota_exceeded'),
      },
    }),
    async (c) => {
      const { id: ownerId, scopes } = await permit(c, 'channel.open');
      const { channelId: wanted, scheduledAt, password, ...settings } = c.req.valid('json');
      const nowMs = Date.now();
      await requireRoomForStream(c.env.DB, ownerId, nowMs);
      const ingest = await ingestUrls(c);
      const passwordHash = password === undefined ? null : await hashOf(password);
      const { channel, streamKey: firstKey } = wanted
        ? { channel: null, streamKey: null }
        : await ownNewChannel({ ownerId, name: settings.title });
      const channelId = channel?.id ?? (await ownChannel(c, wanted!));
      // A key outlasts every token: to open a stream is not yet to hold it.
      const streamKey = scopes.has('channel:manage:keys') ? firstKey : null;
      const id = StreamId.parse(mintId('st', randomBytes(16)));
      const scheduledAtMs = scheduledAt ? Date.parse(scheduledAt) : null;
      const stream: NewStream = { ...settings, id, channelId, scheduledAtMs, createdAtMs: nowMs, passwordHash };
      const opening = await openStreamAfterLast(c, stream, channel);
      if (opening === 'full') throw await quotaOfStreams(c.env.DB, ownerId, nowMs);
      if (opening === 'taken') {
        throw new FootlightError(
          'conflict',
          'The channel has a stream that has not ended. End that one first, or send to it.',
        );
      }
      await originOf(c.env, id)
        .configure(originConfigOf(stream))
        // Every publish tells it again.
        .catch((error) => console.error(`The origin of ${id} could not be told of its stream.`, error));
      note(c, {
        action: 'stream.created',
        target: { type: 'stream', id },
        after: { ...settings, scheduledAtMs, channelId, opensChannel: !wanted },
      });
      const base = baseUrl(c);
      const created = toCreatedStream(await existingStream(c, id), { base, ingest, streamKey });
      return c.json(created, 201, { Location: `${base}/api/v1/streams/${id}`, 'Cache-Control': 'no-store' });
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'List streams, newest first: what is on now, or by state, genre and channel',
      request: { query: ListStreamsQuery },
      responses: {
        200: json('A page; nextCursor leads to the next one', StreamPage),
        ...refusals('unauthenticated', 'forbidden'),
      },
    }),
    async (c) => {
      const { state, genre, channelId, mine, invited, limit, cursor } = c.req.valid('query');
      const page = await listStreams(c.env.DB, {
        // An interrupted stream is still on: its place is kept and its page says so.
        states: state === 'live' ? ['live', 'interrupted'] : [state],
        genre,
        channelId,
        ownerId: mine ? signedIn(c, 'streams:read').id : undefined,
        memberId: invited ? signedIn(c, 'streams:read').id : undefined,
        before: cursor === undefined ? undefined : readCursor(cursor, StreamId),
        limit,
      });
      const base = baseUrl(c);
      const body = {
        streams: page.streams.map((one) => toStream(one, base)),
        nextCursor: page.next && writeCursor(page.next),
      };
      return c.json(body, 200, { 'Cache-Control': mine || invited ? 'private, no-store' : 'public, max-age=2' });
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      summary: 'A stream and its live state',
      request: { params },
      responses: { 200: json('The stream', StreamNow), ...refusals('not_found') },
    }),
    async (c) => {
      const stream = await knownStream(c, c.req.valid('param').id);
      const lifetime = isGated(stream.visibility, 'details') ? 'private, no-cache' : 'no-cache';
      const [presented, viewers] = await Promise.all([present(c, stream), viewersOf(c.env, stream)]);
      const headers = { 'Cache-Control': lifetime, ETag: `W/${await tagOf(presented)}` };
      return c.json({ ...presented, viewers }, 200, headers);
    },
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}',
      summary: 'Change the title and other settings',
      ...forScope('streams:write'),
      request: { params, body: { required: true, content: { 'application/json': { schema: UpdateStream } } } },
      responses: { 200: json('The stream as it is now', Stream), ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const stream = await permitted(c, c.req.valid('param').id, 'stream.change');
      await requireFresh(c, () => present(c, stream));
      const { scheduledAt, password, ...settings } = c.req.valid('json');
      const scheduledAtMs = typeof scheduledAt === 'string' ? Date.parse(scheduledAt) : scheduledAt;
      const gate = await gateAfter(c.env.DB, stream, { ...settings, password, nowMs: Date.now() });
      const change = { ...settings, ...gate, ...(scheduledAtMs !== undefined && { scheduledAtMs }) };
      // Of two changes that were made from one state, the second meets the first here.
      const from = isConditional(c) ? stream : undefined;
      if (!(await changeStream(c.env.DB, stream.id, change, { from }))) throw staleEtag();
      if (gate) await changeGate(c.env, stream, password);
      const changed = await existingStream(c, stream.id);
      const difference = changes(settingsOf(stream), settingsOf(changed));
      if (difference) note(c, { action: 'stream.updated', target: { type: 'stream', id: stream.id }, ...difference });
      if (changed.reconnectWindowSeconds !== stream.reconnectWindowSeconds) {
        await originOf(c.env, changed.id).configure(originConfigOf(changed));
      }
      return c.json(await present(c, changed), 200);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}',
      summary: 'End the stream for good: players finish, the encoder is let go. Ending it again changes nothing',
      ...forScope('streams:write'),
      request: { params },
      responses: { 204: { description: 'It has ended' }, ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const stream = await permitted(c, c.req.valid('param').id, 'stream.end');
      await requireRank(c, stream);
      await requireFresh(c, () => present(c, stream));
      // Asked even when the database says ended: a call that broke half-way is finished by the next one. Of several that end
      // it at once the origin knows which one did, and leaves the trace of that one.
      const trace = entryOf(c, { action: 'stream.ended', target: { type: 'stream', id: stream.id } });
      await originOf(c.env, stream.id).end({ config: originConfigOf(stream), trace });
      // The origin reports in its own time; whoever asks after this answer must hear of the end.
      await recordStreamState(c.env.DB, { streamId: stream.id, state: 'ended', atMs: Date.now() });
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/health',
      summary: 'How the broadcast does at this moment, for its owner',
      ...forScope('streams:read'),
      request: { params },
      responses: { 200: json('The newest sample', HealthReport), ...refusals('not_found') },
    }),
    async (c) => {
      const stream = await permitted(c, c.req.valid('param').id, 'stream.see_health');
      return c.json(await originOf(c.env, stream.id).report(), 200, { 'Cache-Control': 'no-store' });
    },
  );

/** The stream as GET shows it. */
const present = async (c: AppContext, stream: StreamRecord): Promise<Stream> =>
  toStream(stream, baseUrl(c), await currentState(c.env, stream));

/** `gateAtMs` tells a new password from the old, which the log may not name. */
const settingsOf = ({ title, genre, visibility, gateAtMs, reconnectWindowSeconds, scheduledAtMs }: StreamRecord) => {
  return { title, genre, visibility, gateAtMs, reconnectWindowSeconds, scheduledAtMs };
};

/** The stream of the path, when whoever asks may do this there. */
async function permitted(c: AppContext, id: StreamId, action: Action): Promise<StreamRecord> {
  requireAccount(c, action);
  const stream = await knownStream(c, id, { scope: scopeOf(action) });
  await permit(c, action, { id: stream.channelId, ownerId: stream.ownerId });
  return stream;
}

/** Whoever ends the stream of somebody else stands above them. */
async function requireRank(c: AppContext, { channelId, ownerId }: StreamRecord): Promise<void> {
  const { roles } = await permit(c, 'stream.end', { id: channelId, ownerId });
  const owner = await findUser(c.env.DB, ownerId);
  if (owner === null || mayEnd(roles, rolesAt(owner, null, null))) return;
  throw new FootlightError('forbidden', 'Its owner has a role like yours, or a higher one. Ask an administrator.');
}

async function ownChannel(c: AppContext, id: ChannelId): Promise<ChannelId> {
  await permit(c, 'channel.broadcast', await existingChannel(c, id));
  return id;
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
