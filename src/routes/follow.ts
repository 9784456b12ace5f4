// Follow a channel, or no longer.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { ChannelId } from '../protocol/ids.ts';
import { follow as keepFollow, unfollow } from '../storage/follows.ts';
import { note } from './audit-note.ts';
import { existingChannel } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import { forAction, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { tellFollowed } from './room/telling.ts';

const params = z.object({ id: ChannelId });

export const follow = apiDoors()
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/follow',
      summary: 'Follow the channel',
      ...forAction('channel.follow'),
      request: { params },
      responses: { 204: { description: 'You follow it' }, ...refusals('not_found', 'quota_exceeded') },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'channel.follow');
      const { id: channelId } = await existingChannel(c, c.req.valid('param').id);
      const pair = { userId, channelId };
      const followedAtMs = Date.now();
      const followed = await keepFollow(c.env.DB, pair, followedAtMs);
      if (followed === 'full') throw quotaExceeded('follows');
      if (followed === 'new') {
        note(c, { action: 'user.followed', target: { type: 'channel', id: channelId } });
        await tellFollowed(c.env, { ...pair, followedAtMs });
      }
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/follow',
      summary: 'Follow the channel no longer',
      ...forAction('channel.follow'),
      request: { params },
      responses: { 204: { description: 'You do not follow it' } },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'channel.follow');
      const { id: channelId } = c.req.valid('param');
      if (await unfollow(c.env.DB, { userId, channelId })) {
        note(c, { action: 'user.unfollowed', target: { type: 'channel', id: channelId } });
        await tellFollowed(c.env, { userId, channelId, followedAtMs: null });
      }
      return c.body(null, 204);
    },
  );
