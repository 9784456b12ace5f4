// What is counted on a stream: the tally of its room, and everybody's own upvote.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { mayModerate } from '../../domain/chat/speaker.ts';
import { TallyView, Upvotes } from '../../protocol/chat.ts';
import { StreamId } from '../../protocol/ids.ts';
import { giveUpvote, isUpvoted, withdrawUpvote } from '../../storage/upvotes.ts';
import { note } from '../audit-note.ts';
import type { AppContext } from '../context.ts';
import { apiDoors } from '../guards/api.ts';
import { permit, requireAccount } from '../guards/permit.ts';
import { roomOf } from '../objects.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { knownStream } from '../viewers.ts';
import { callerOf, placeOf } from './caller.ts';

const params = z.object({ id: StreamId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const roomCounts = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/room/tally',
      summary: 'What is counted in the room: reactions, upvotes, viewers, the poll; and what is yours of it',
      request: { params },
      responses: { 200: json('The counts as they are now', TallyView), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const stream = await knownStream(c, c.req.valid('param').id, { offering: 'chat', scope: 'chat:read' });
      const principal = c.get('principal');
      const userId = principal?.id ?? null;
      const [tally, given, mayAsk] = await Promise.all([
        roomOf(c.env, stream.id).tally(placeOf(stream), userId),
        userId !== null && isUpvoted(c.env.DB, { userId, streamId: stream.id }),
        principal !== null && callerOf(c, principal, stream).then(mayModerate),
      ]);
      return c.json({ ...tally, isUpvoted: given, mayAsk }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/upvote',
      summary: 'Give the stream your upvote. Giving it again changes nothing',
      ...forAction('stream.upvote'),
      request: { params },
      responses: { 200: json('Yours, and how many there are', Upvotes), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { stream, userId } = await voterOf(c, c.req.valid('param').id);
      if (await giveUpvote(c.env.DB, { userId, streamId: stream.id }, Date.now()))
        note(c, { action: 'stream.upvoted', target: { type: 'stream', id: stream.id } });
      const { upvotes } = await roomOf(c.env, stream.id).upvotesChanged(placeOf(stream));
      return c.json({ isUpvoted: true, upvotes }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/upvote',
      summary: 'Take your upvote back',
      ...forAction('stream.upvote'),
      request: { params },
      responses: { 200: json('Yours, and how many there are', Upvotes), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { stream, userId } = await voterOf(c, c.req.valid('param').id);
      if (await withdrawUpvote(c.env.DB, { userId, streamId: stream.id }))
        note(c, { action: 'stream.upvote_withdrawn', target: { type: 'stream', id: stream.id } });
      const { upvotes } = await roomOf(c.env, stream.id).upvotesChanged(placeOf(stream));
      return c.json({ isUpvoted: false, upvotes }, 200, UNCACHED);
    },
  );

async function voterOf(c: AppContext, id: StreamId) {
  requireAccount(c, 'stream.upvote');
  const stream = await knownStream(c, id, { offering: 'chat', scope: 'chat:write' });
  const { id: userId } = await permit(c, 'stream.upvote', { id: stream.channelId, ownerId: stream.ownerId });
  return { stream, userId };
}
