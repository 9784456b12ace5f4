// Channels: mine, one of them, and the stream key that opens it.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { mintStreamKey } from '../auth/secrets.ts';
import type { Action } from '../domain/access.ts';
import { Channel, RotatedStreamKey, RotateStreamKey } from '../protocol/api.ts';
import { ChannelId } from '../protocol/ids.ts';
import { type ChannelRecord, listChannelsOf, replaceStreamKey, revokeStreamKey } from '../storage/channels.ts';
import { newestStream, newestStreamsOf } from '../storage/streams.ts';
import { channelAppeals } from './appeals.ts';
import { note } from './audit-note.ts';
import { channelBans } from './bans.ts';
import { channelRoles } from './channel-roles.ts';
import { type AppContext, baseUrl } from './context.ts';
import { existingChannel } from './existing.ts';
import { follow } from './follow.ts';
import { apiResource } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { currentState } from './live-state.ts';
import { channelModeration } from './moderated.ts';
import { originOf } from './objects.ts';
import { forScope, json, refusals } from './openapi.ts';
import { personCard } from './person-card.ts';
import { personNotes } from './person-notes.ts';
import { channelReports } from './reports.ts';
import { ingestUrls, toChannel, toStream } from './representations.ts';
import { channelRules } from './rules.ts';
import { channelShield } from './shield.ts';

const params = z.object({ id: ChannelId });
const ChannelList = z.object({ channels: z.array(Channel) });

export const channels = apiResource()
  .route('/', channelRoles)
  .route('/', channelBans)
  .route('/', channelRules)
  .route('/', channelAppeals)
  .route('/', channelShield)
  .route('/', channelModeration)
  .route('/', follow)
  .route('/', channelReports)
  .route('/', personCard)
  .route('/', personNotes)
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Your channels, newest first',
      ...forScope('streams:read'),
      responses: { 200: json('All of them', ChannelList) },
    }),
    async (c) => {
      const { id: ownerId } = signedIn(c, 'streams:read');
      const base = baseUrl(c);
      const [records, newest, ingest] = await Promise.all([
        listChannelsOf(c.env.DB, ownerId),
        newestStreamsOf(c.env.DB, ownerId),
        ingestUrls(c),
      ]);
      const current = new Map(newest.map((stream) => [stream.channelId, toStream(stream, base)]));
      const list = records.map((one) => toChannel(one, { base, ingest, current: current.get(one.id) ?? null }));
      return c.json({ channels: list }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      summary: 'A channel of yours: where its encoder sends, and its newest stream',
      ...forScope('streams:read'),
      request: { params },
      responses: { 200: json('The channel', Channel), ...refusals('not_found') },
    }),
    async (c) => {
      const channel = await permitted(c, 'channel.see_details');
      const base = baseUrl(c);
      const [ingest, newest] = await Promise.all([ingestUrls(c), newestStream(c.env.DB, channel.id)]);
      const current = newest && toStream(newest, base, await currentState(c.env, newest));
      return c.json(toChannel(channel, { base, ingest, current }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/stream-key',
      summary: 'Make a new stream key; the old one is refused from now on',
      ...forScope('channel:manage:keys'),
      request: { params, body: { content: { 'application/json': { schema: RotateStreamKey } } } },
      responses: { 201: json('The key, shown this once', RotatedStreamKey), ...refusals('not_found') },
    }),
    async (c) => {
      const channel = await permitted(c, 'channel.take_key');
      // No body at all means the defaults.
      const { disconnectEncoder } = RotateStreamKey.parse(c.req.valid('json') ?? {});
      const { streamKey, kept: key } = await mintStreamKey(crypto.getRandomValues(new Uint8Array(32)));
      await replaceStreamKey(c.env.DB, { channelId: channel.id, key, nowMs: Date.now() });
      if (disconnectEncoder) await disconnect(c, channel.id);
      note(c, {
        action: 'stream_key.replaced',
        target: { type: 'channel', id: channel.id },
        before: { hint: channel.streamKeyHint },
        after: { hint: key.hint, disconnectEncoder },
      });
      return c.json({ streamKey, ingest: await ingestUrls(c) }, 201, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/stream-key',
      summary: 'Take the stream key away and cut the encoder that used it',
      ...forScope('channel:manage:keys'),
      request: { params },
      responses: { 204: { description: 'No key opens the channel now' }, ...refusals('not_found') },
    }),
    async (c) => {
      const channel = await permitted(c, 'channel.revoke_key');
      await revokeStreamKey(c.env.DB, channel.id, Date.now());
      await disconnect(c, channel.id);
      note(c, {
        action: 'stream_key.revoked',
        target: { type: 'channel', id: channel.id },
        before: { hint: channel.streamKeyHint },
      });
      return c.body(null, 204);
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

/** The channel of the path, when whoever asks may do this there. */
async function permitted(c: AppContext, action: Action): Promise<ChannelRecord> {
  requireAccount(c, action);
  const channel = await existingChannel(c, c.req.param('id') as ChannelId);
  await permit(c, action, channel);
  return channel;
}

async function disconnect(c: AppContext, channelId: ChannelId): Promise<void> {
  const stream = await newestStream(c.env.DB, channelId);
  if (stream && stream.state !== 'ended') await originOf(c.env, stream.id).disconnectPublisher('key_revoked');
}
