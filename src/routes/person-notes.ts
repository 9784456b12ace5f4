// Notes about somebody on a channel: its moderators write them for each other; nobody else sees them.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Role, rolesAt } from '../domain/access.ts';
import { mayActOn } from '../domain/rank.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ChannelId, mintId, NoteId, UserId } from '../protocol/ids.ts';
import { Note, WriteNote } from '../protocol/person-card.ts';
import { deleteNote, findNote, writeNote } from '../storage/person-notes.ts';
import { findChannelRole } from '../storage/roles.ts';
import { findUser } from '../storage/users.ts';
import { note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { existingChannel, existingUser } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { type ChannelPlace, permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { toPerson } from './representations.ts';

const params = z.object({ id: ChannelId, userId: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const personNotes = apiDoors()
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/people/{userId}/notes',
      summary: 'Write down something about somebody, for the moderators of the channel',
      ...forAction('person.note'),
      request: { params, body: { required: true, content: { 'application/json': { schema: WriteNote } } } },
      responses: { 201: json('The note', Note), ...refusals('not_found', 'quota_exceeded') },
    }),
    async (c) => {
      requireAccount(c, 'person.note');
      const { id: channelId, userId } = c.req.valid('param');
      const author = await permit(c, 'person.note', await existingChannel(c, channelId));
      const user = await existingUser(c, userId);
      const { text } = c.req.valid('json');
      const id = NoteId.parse(mintId('nt', crypto.getRandomValues(new Uint8Array(16))));
      const writtenAtMs = Date.now();
      const kept = { id, channelId, userId: user.id, authorId: author.id, text, writtenAtMs };
      if (!(await writeNote(c.env.DB, kept))) throw quotaExceeded('notes');
      // The words stay among the moderators of the channel.
      note(c, { action: 'note.written', target: { type: 'user', id: user.id }, after: { noteId: id, channelId } });
      const body = { id, text, author: toPerson(author), writtenAt: new Date(writtenAtMs).toISOString() };
      return c.json(body, 201, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/people/{userId}/notes/{noteId}',
      summary: 'Delete a note: your own, or that of somebody below you',
      ...forAction('person.note'),
      request: { params: params.extend({ noteId: NoteId }) },
      responses: { 204: { description: 'It is gone' }, ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'person.note');
      const { id: channelId, userId, noteId } = c.req.valid('param');
      const channel = await existingChannel(c, channelId);
      const { id, roles } = await permit(c, 'person.note', channel);
      const found = await findNote(c.env.DB, { id: noteId, channelId, userId });
      if (!found) throw new FootlightError('not_found', `There is no note ${noteId} here. Read the card again.`);
      const isOwn = found.author?.id === id;
      if (!isOwn && !mayActOn(roles, await rolesOf(c, channel, found.author?.id ?? null)))
        throw new FootlightError('forbidden', 'Your own role does not stand above its author’s. Ask them.');
      if (await deleteNote(c.env.DB, noteId))
        note(c, { action: 'note.deleted', target: { type: 'user', id: userId }, before: { noteId, channelId } });
      return c.body(null, 204);
    },
  );

/** As they are now; nobody is below everybody who moderates. */
async function rolesOf(c: AppContext, channel: ChannelPlace, userId: UserId | null): Promise<readonly Role[]> {
  const user = userId && (await findUser(c.env.DB, userId));
  return user
    ? rolesAt(user, channel, await findChannelRole(c.env.DB, { channelId: channel.id, userId: user.id }))
    : ['viewer'];
}
