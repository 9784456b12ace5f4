// The members of a private stream: invite by handle, list, uninvite.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { scopeOf } from '../domain/access.ts';
import { StreamId } from '../protocol/ids.ts';
import { Member, MemberList, MemberName } from '../protocol/viewing.ts';
import { inviteMember, listMembers, removeMember } from '../storage/gates.ts';
import type { StreamRecord } from '../storage/streams.ts';
import { note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { existingUser } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { toPerson } from './representations.ts';
import { inRooms } from './room/telling.ts';
import { knownStream } from './viewers.ts';

const params = z.object({ id: StreamId });
const memberParams = params.extend({ user: MemberName });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const members = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/members',
      summary: 'Who is invited to the private stream, the newest first',
      ...forAction('stream.invite'),
      request: { params },
      responses: { 200: json('All of them', MemberList), ...refusals('not_found') },
    }),
    async (c) => {
      const stream = await keptStream(c, c.req.valid('param').id);
      const rows = await listMembers(c.env.DB, stream.id);
      return c.json({ members: rows.map(toMember) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/members/{user}',
      summary: 'Invite somebody, by handle or id; it counts while the stream is private',
      ...forAction('stream.invite'),
      request: { params: memberParams },
      responses: { 200: json('Who is invited', Member), ...refusals('not_found', 'quota_exceeded') },
    }),
    async (c) => {
      const { id, user: name } = c.req.valid('param');
      const { id: streamId } = await keptStream(c, id);
      const user = await existingUser(c, name);
      const invited = await inviteMember(c.env.DB, { streamId, userId: user.id }, Date.now());
      if (!invited) throw quotaExceeded('members');
      if (invited.isNew) {
        note(c, { action: 'member.invited', target: { type: 'stream', id: streamId }, after: { userId: user.id } });
      }
      return c.json(toMember({ ...toPerson(user), invitedAtMs: invited.invitedAtMs }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/members/{user}',
      summary: 'Take the invitation back; a viewing pass that was given before ends by itself',
      ...forAction('stream.invite'),
      request: { params: memberParams },
      responses: { 204: { description: 'They are not invited' }, ...refusals('not_found') },
    }),
    async (c) => {
      const { id, user: name } = c.req.valid('param');
      const { id: streamId } = await keptStream(c, id);
      const { id: userId } = await existingUser(c, name);
      if (await removeMember(c.env.DB, { streamId, userId })) {
        note(c, { action: 'member.removed', target: { type: 'stream', id: streamId }, before: { userId } });
        // Everybody: a socket that only reads does not say whose it is. Who is still invited comes back.
        await inRooms(c.env, [streamId], (room) => room.turnAway(null, 'gate_changed'));
      }
      return c.body(null, 204);
    },
  );

async function keptStream(c: AppContext, id: StreamId): Promise<StreamRecord> {
  requireAccount(c, 'stream.invite');
  const stream = await knownStream(c, id, { scope: scopeOf('stream.invite') });
  await permit(c, 'stream.invite', { id: stream.channelId, ownerId: stream.ownerId });
  return stream;
}

const toMember = ({ invitedAtMs, ...user }: Member['user'] & { invitedAtMs: number }): Member => ({
  user: toPerson(user),
  invitedAt: new Date(invitedAtMs).toISOString(),
});
