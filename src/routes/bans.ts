// Bans: who may say nothing on a channel (by its moderators) or anywhere (by those of the platform). Nobody reaches up to an equal or a higher role.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { Ban, BanList, PlaceBan } from '../protocol/bans.ts';
import { ChannelId, UserId } from '../protocol/ids.ts';
import { listBans } from '../storage/bans.ts';
import { ban, toBan, unban } from './bans/acts.ts';
import { personBelow, personBelowEverywhere } from './bans/below.ts';
import { existingChannel } from './existing.ts';
import { apiDoors, apiResource } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';

const params = z.object({ id: ChannelId });
const banParams = params.extend({ userId: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
const body = { required: true, content: { 'application/json': { schema: PlaceBan } } };

export const channelBans = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/bans',
      summary: 'Who may say nothing on the channel, the newest first',
      ...forAction('ban.see'),
      request: { params },
      responses: { 200: json('All of them', BanList), ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'ban.see');
      const channel = await existingChannel(c, c.req.valid('param').id);
      await permit(c, 'ban.see', channel);
      const rows = await listBans(c.env.DB, channel.id, Date.now());
      return c.json({ bans: rows.map((row) => toBan(row, row)) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/bans/{userId}',
      summary: 'Let somebody say nothing on the channel, for a while or for good, in place of the ban that there is',
      ...forAction('ban.place'),
      request: { params: banParams, body },
      responses: { 200: json('The ban', Ban), ...refusals('not_found', 'quota_exceeded') },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param');
      const where = await personBelow(c, { action: 'ban.place', id, userId });
      return c.json(await ban(c, { ...where, wanted: c.req.valid('json') }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/bans/{userId}',
      summary: 'Lift the ban; it is over at once',
      ...forAction('ban.place'),
      request: { params: banParams },
      responses: { 204: { description: 'They may speak' }, ...refusals('not_found') },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param');
      await unban(c, await personBelow(c, { action: 'ban.place', id, userId }));
      return c.body(null, 204);
    },
  );

export const platformBans = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Who may say nothing anywhere, the newest first',
      ...forAction('ban.everywhere'),
      responses: { 200: json('All of them', BanList) },
    }),
    async (c) => {
      await permit(c, 'ban.everywhere');
      const rows = await listBans(c.env.DB, null, Date.now());
      return c.json({ bans: rows.map((row) => toBan(row, row)) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{userId}',
      summary: 'Let somebody say nothing in any room, for a while or for good, in place of the ban that there is',
      ...forAction('ban.everywhere'),
      request: { params: z.object({ userId: UserId }), body },
      responses: { 200: json('The ban', Ban), ...refusals('not_found', 'quota_exceeded') },
    }),
    async (c) => {
      const { userId } = c.req.valid('param');
      const where = await personBelowEverywhere(c, { action: 'ban.everywhere', userId });
      return c.json(await ban(c, { ...where, wanted: c.req.valid('json') }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{userId}',
      summary: 'Lift the ban; it is over at once. What a channel has decided stays',
      ...forAction('ban.everywhere'),
      request: { params: z.object({ userId: UserId }) },
      responses: { 204: { description: 'They may speak' }, ...refusals('not_found') },
    }),
    async (c) => {
      const { userId } = c.req.valid('param');
      await unban(c, await personBelowEverywhere(c, { action: 'ban.everywhere', userId }));
      return c.body(null, 204);
    },
  );
