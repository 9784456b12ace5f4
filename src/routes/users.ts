// People: oneself, what everybody may see of others, and their role on the platform.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { isAllowed, rolesAt } from '../domain/access.ts';
import { mayActOn, mayGive } from '../domain/rank.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ChannelId, UserId } from '../protocol/ids.ts';
import {
  Account,
  FindPerson,
  FollowPage,
  ListFollowsQuery,
  PersonList,
  SeenPerson,
  UpdateAccount,
  UpdateUserRole,
} from '../protocol/people.ts';
import { listFollows } from '../storage/follows.ts';
import { changePlatformRole, findUserByHandle, renameUser } from '../storage/users.ts';
import { changes, note } from './audit-note.ts';
import { blocks } from './blocks.ts';
import type { AppContext } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { existingUser } from './existing.ts';
import { apiResource } from './guards/api.ts';
import { isConditional, requireFresh, staleEtag } from './guards/etag.ts';
import { permit } from './guards/permit.ts';
import { leaving } from './leaving.ts';
import { myModeration } from './moderated.ts';
import { forAction, json, refusals } from './openapi.ts';
import { platformRoles } from './platform-roles.ts';
import { toAccount, toPerson } from './representations.ts';
import { turnAwayFromRooms } from './room/telling.ts';

const params = z.object({ id: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
const PUBLIC = { 'Cache-Control': 'public, max-age=30' };
const BY_SENDER = { ...PUBLIC, Vary: 'Authorization, Cookie' };

export const users = apiResource()
  .route('/', leaving)
  .route('/', platformRoles)
  .route('/', blocks)
  .route('/', myModeration)
  .openapi(
    createRoute({
      method: 'get',
      path: '/me',
      summary: 'Yourself',
      ...forAction('user.see_self'),
      responses: { 200: json('Your account', Account) },
    }),
    async (c) => c.json(toAccount(await permit(c, 'user.see_self')), 200, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/me',
      summary: 'Change the name that others see',
      ...forAction('user.change_self'),
      request: { body: { required: true, content: { 'application/json': { schema: UpdateAccount } } } },
      responses: { 200: json('Your account as it is now', Account), ...refusals('stale_etag') },
    }),
    async (c) => {
      const user = await permit(c, 'user.change_self');
      await requireFresh(c, () => toAccount(user));
      const { name } = c.req.valid('json');
      // Of two changes that were made from one state, the second meets the first here.
      const from = isConditional(c) ? user.name : undefined;
      if (!(await renameUser(c.env.DB, { id: user.id, from, to: name }))) throw staleEtag();
      const difference = changes({ name: user.name }, { name });
      if (difference) note(c, { action: 'user.changed', target: { type: 'user', id: user.id }, ...difference });
      return c.json(toAccount({ ...user, name }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/me/follows',
      summary: 'The channels that you follow, newest first',
      ...forAction('user.see_self'),
      request: { query: ListFollowsQuery },
      responses: { 200: json('A page; nextCursor leads to the next one', FollowPage) },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'user.see_self');
      const { channelId, limit, cursor } = c.req.valid('query');
      const before = cursor === undefined ? undefined : readCursor(cursor, ChannelId);
      const page = await listFollows(c.env.DB, { userId, channelId, before, limit });
      const follows = page.follows.map(({ followedAtMs, ...channel }) => ({
        ...channel,
        followedAt: new Date(followedAtMs).toISOString(),
      }));
      return c.json({ follows, nextCursor: page.next && writeCursor(page.next) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Find somebody by handle',
      request: { query: FindPerson },
      responses: { 200: json('The one who has it, or nobody', PersonList) },
    }),
    async (c) => {
      const user = await findUserByHandle(c.env.DB, c.req.valid('query').handle);
      return c.json({ users: user ? [toPerson(user)] : [] }, 200, PUBLIC);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      summary: 'What everybody may see of somebody',
      request: { params },
      responses: { 200: json('The person', SeenPerson), ...refusals('not_found') },
    }),
    async (c) => {
      const user = await existingUser(c, c.req.valid('param').id);
      return mayChangeRoles(c) ? c.json(toAccount(user), 200, UNCACHED) : c.json(toPerson(user), 200, BY_SENDER);
    },
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}',
      summary: 'Change somebody else’s role on the platform; for administrators',
      ...forAction('user.change_role'),
      request: { params, body: { required: true, content: { 'application/json': { schema: UpdateUserRole } } } },
      responses: { 200: json('The account as it is now', Account), ...refusals('not_found', 'conflict', 'stale_etag') },
    }),
    async (c) => {
      const { roles } = await permit(c, 'user.change_role');
      const { role } = c.req.valid('json');
      const user = await existingUser(c, c.req.valid('param').id);
      await requireFresh(c, () => toAccount(user));
      if (!mayActOn(roles, rolesAt(user, null, null)) || !mayGive(roles, role)) {
        throw new FootlightError(
          'forbidden',
          'Your own role does not stand above theirs, or above the one to be given.',
        );
      }
      const isChanged = await changePlatformRole(c.env.DB, { id: user.id, from: user.platformRole, to: role });
      if (!isChanged)
        throw new FootlightError('conflict', `The role of ${user.name} has just changed. Look, and try again.`);
      note(c, {
        action: 'user.role_changed',
        target: { type: 'user', id: user.id },
        before: { role: user.platformRole },
        after: { role },
      });
      if (role !== user.platformRole) await turnAwayFromRooms(c.env, { userId: user.id }, 'roles_changed');
      return c.json(toAccount({ ...user, platformRole: role }), 200, UNCACHED);
    },
  );

/** Whoever may change a role has to see what it is. */
function mayChangeRoles(c: AppContext): boolean {
  const principal = c.get('principal');
  return principal?.appId === null && isAllowed('user.change_role', rolesAt(principal, null, null));
}
