// Where somebody moderates: one channel with what they are on it, and all those that they own or moderate.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Role, rolesAt } from '../domain/access.ts';
import type { Stream } from '../protocol/api.ts';
import { ChannelId } from '../protocol/ids.ts';
import { ModeratedChannel, ModeratedChannels, ModeratorRole } from '../protocol/moderation.ts';
import { moderatePath, watchPath } from '../protocol/paths.ts';
import { listModerated, newestModeratedStreams } from '../storage/moderated.ts';
import { newestStream } from '../storage/streams.ts';
import { baseUrl } from './context.ts';
import { existingChannel } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { currentState } from './live-state.ts';
import { forAction, json, refusals } from './openapi.ts';
import { toStream } from './representations.ts';

const params = z.object({ id: ChannelId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const channelModeration = apiDoors().openapi(
  createRoute({
    method: 'get',
    path: '/{id}/moderation',
    summary: 'A channel for who moderates it: what you are on it, and its newest stream',
    ...forAction('channel.moderate'),
    request: { params },
    responses: { 200: json('The channel', ModeratedChannel), ...refusals('not_found') },
  }),
  async (c) => {
    requireAccount(c, 'channel.moderate');
    const channel = await existingChannel(c, c.req.valid('param').id);
    const { roles } = await permit(c, 'channel.moderate', channel);
    const base = baseUrl(c);
    const newest = await newestStream(c.env.DB, channel.id);
    const current = newest && toStream(newest, base, await currentState(c.env, newest));
    return c.json(toModerated(channel, { base, roles, current }), 200, UNCACHED);
  },
);

export const myModeration = apiDoors().openapi(
  createRoute({
    method: 'get',
    path: '/me/channels',
    summary: 'The channels that you own or moderate, newest first',
    ...forAction('user.see_moderated'),
    responses: { 200: json('All of them', ModeratedChannels) },
  }),
  async (c) => {
    const principal = await permit(c, 'user.see_moderated');
    const base = baseUrl(c);
    const [rows, newest] = await Promise.all([
      listModerated(c.env.DB, principal.id),
      newestModeratedStreams(c.env.DB, principal.id),
    ]);
    const current = new Map(newest.map((stream) => [stream.channelId, toStream(stream, base)]));
    const channels = rows.map(({ channelRole, ...channel }) => {
      const roles = rolesAt(principal, channel, channelRole);
      return toModerated(channel, { base, roles, current: current.get(channel.id) ?? null });
    });
    return c.json({ channels }, 200, UNCACHED);
  },
);

const toModerated = (
  { id, name, ownerName }: { id: ChannelId; name: string; ownerName: string },
  { base, roles, current }: { base: string; roles: readonly Role[]; current: Stream | null },
): ModeratedChannel => ({
  id,
  name,
  ownerName,
  // The lowest first, as in the table of access; without one the table would not have let them in.
  role: ModeratorRole.options.findLast((role) => roles.includes(role)) ?? 'channel_moderator',
  currentStream: current,
  watchUrl: base + watchPath(id),
  moderateUrl: base + moderatePath(id),
});
