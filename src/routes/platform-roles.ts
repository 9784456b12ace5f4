// Who is what on the platform, for those who give the roles there.
import { createRoute } from '@hono/zod-openapi';
import { AccountList, FindRoles } from '../protocol/people.ts';
import { findUserByHandle, listRoleHolders } from '../storage/users.ts';
import { apiDoors } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import { forAction, json } from './openapi.ts';
import { toAccount } from './representations.ts';

const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const platformRoles = apiDoors().openapi(
  createRoute({
    method: 'get',
    path: '/roles',
    summary: 'Who has a role on the platform, or which one a person has; for administrators',
    ...forAction('user.see_role'),
    request: { query: FindRoles },
    responses: { 200: json('The moderators and administrators, or the one person, or nobody', AccountList) },
  }),
  async (c) => {
    await permit(c, 'user.see_role');
    const { handle } = c.req.valid('query');
    if (handle === undefined) return c.json({ users: (await listRoleHolders(c.env.DB)).map(toAccount) }, 200, UNCACHED);
    const user = await findUserByHandle(c.env.DB, handle);
    return c.json({ users: user ? [toAccount(user)] : [] }, 200, UNCACHED);
  },
);
