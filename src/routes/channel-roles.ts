// Roles on a channel: who has one, give one, take one. Nobody reaches up to an equal or a higher role.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Role, rolesAt } from '../domain/access.ts';
import { mayActOn, mayGive } from '../domain/rank.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ChannelId, UserId } from '../protocol/ids.ts';
import { type ChannelRole, GiveRole, RoleHolder, RoleHolders } from '../protocol/people.ts';
import { findChannelRole, giveChannelRole, listChannelRoles, takeChannelRole } from '../storage/roles.ts';
import { note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { existingChannel, existingUser } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { type ChannelPlace, permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { toPerson } from './representations.ts';
import { turnAwayFromRooms } from './room/telling.ts';

const params = z.object({ id: ChannelId });
const holderParams = params.extend({ userId: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const channelRoles = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/roles',
      summary: 'Who has a role on the channel, the newest first',
      ...forAction('channel.see_roles'),
      request: { params },
      responses: { 200: json('All of them', RoleHolders), ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'channel.see_roles');
      const channel = await existingChannel(c, c.req.valid('param').id);
      await permit(c, 'channel.see_roles', channel);
      const rows = await listChannelRoles(c.env.DB, channel.id);
      const roles = rows.map(({ role, givenAtMs, ...user }) => ({
        user: toPerson(user),
        role,
        givenAt: new Date(givenAtMs).toISOString(),
      }));
      return c.json({ roles }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/roles/{userId}',
      summary: 'Give somebody a role on the channel, in place of the one they have',
      ...forAction('channel.give_role'),
      request: {
        params: holderParams,
        body: { required: true, content: { 'application/json': { schema: GiveRole } } },
      },
      responses: {
        200: json('Who has which role now', RoleHolder),
        ...refusals('not_found', 'conflict', 'quota_exceeded'),
      },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param');
      const { role } = c.req.valid('json');
      requireAccount(c, 'channel.give_role');
      const channel = await existingChannel(c, id);
      const { roles } = await permit(c, 'channel.give_role', channel);
      const { user, before } = await holderBelow(c, { channel, roles, userId });
      if (!mayGive(roles, RANKED[role])) throw tooHigh(`the role ${role}`);
      const givenAtMs = Date.now();
      const outcome = await giveChannelRole(c.env.DB, { channelId: id, userId, role, givenAtMs, from: before });
      if (outcome === 'changed') throw justChanged(user.name);
      if (outcome === 'full') throw quotaExceeded('channel_roles');
      note(c, {
        action: 'channel_role.given',
        target: { type: 'user', id: userId },
        before: { channelId: id, role: before },
        after: { channelId: id, role },
      });
      if (role !== before) await turnAwayFromRooms(c.env, { userId, channelId: id }, 'roles_changed');
      return c.json({ user: toPerson(user), role, givenAt: new Date(givenAtMs).toISOString() }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/roles/{userId}',
      summary: 'Take the role away that somebody has on the channel; it is gone at their next request',
      ...forAction('channel.take_role'),
      request: { params: holderParams },
      responses: { 204: { description: 'They have none' }, ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param');
      requireAccount(c, 'channel.take_role');
      const channel = await existingChannel(c, id);
      const { roles } = await permit(c, 'channel.take_role', channel);
      const { user, before: role } = await holderBelow(c, { channel, roles, userId });
      if (role !== null) {
        if (!(await takeChannelRole(c.env.DB, { channelId: id, userId, role }))) throw justChanged(user.name);
        note(c, {
          action: 'channel_role.taken',
          target: { type: 'user', id: userId },
          before: { channelId: id, role },
          after: { channelId: id, role: null },
        });
        await turnAwayFromRooms(c.env, { userId, channelId: id }, 'roles_changed');
      }
      return c.body(null, 204);
    },
  );

const RANKED: Record<ChannelRole, Role> = { vip: 'vip', moderator: 'channel_moderator' };

/** The person of the path, when they stand below whoever asks. */
async function holderBelow(
  c: AppContext,
  { channel, roles, userId }: { channel: ChannelPlace; roles: readonly Role[]; userId: UserId },
) {
  const user = await existingUser(c, userId);
  const before = await findChannelRole(c.env.DB, { channelId: channel.id, userId });
  if (!mayActOn(roles, rolesAt(user, channel, before))) throw tooHigh(user.name);
  return { user, before };
}

/** The role that was compared is no longer theirs: it may have become an equal one meanwhile. */
const justChanged = (name: string) =>
  new FootlightError('conflict', `The role of ${name} has just changed. Look, and try again.`);

const tooHigh = (what: string) =>
  new FootlightError('forbidden', `Your own role does not stand above ${what}. Ask somebody whose role does.`);
