// Polls of a room: its moderators ask them, and every account has one vote.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { CastVote, CreatePoll, EndPoll, Poll } from '../../protocol/chat.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { PollId, StreamId } from '../../protocol/ids.ts';
import type { StreamRecord } from '../../storage/streams.ts';
import { apiDoors } from '../guards/api.ts';
import { requireFresh, tagOf } from '../guards/etag.ts';
import { roomOf } from '../objects.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { knownStream } from '../viewers.ts';
import { noteVisit, placeOf, roomFor, unlessRefused } from './caller.ts';

const params = z.object({ id: StreamId });
const pollParams = params.extend({ pollId: PollId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: { 'application/json': { schema } },
});

export const roomPolls = apiDoors()
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/room/polls',
      summary: 'Ask the room something, with two to six options; one poll at a time. It closes by itself',
      ...forAction('poll.manage'),
      request: { params, body: body(CreatePoll) },
      responses: {
        201: json('The poll, open', Poll),
        ...refusals('not_found', 'pass_needed', 'conflict', 'message_denied', 'banned'),
      },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'poll.manage');
      const { poll } = unlessRefused(await room.openPoll(place, caller, c.req.valid('json')));
      return c.json(there(poll), 201, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/room/polls/{pollId}',
      summary: 'The poll as it stands, while it is the newest. Its tag is weak: votes do not change it',
      request: { params: pollParams },
      responses: { 200: json('The poll', Poll), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { id, pollId } = c.req.valid('param');
      const stream = await knownStream(c, id, { offering: 'chat', scope: 'chat:read' });
      const poll = await newest(c.env, stream, pollId);
      return c.json(poll, 200, { ...UNCACHED, ETag: `W/${await tagOf(settled(poll))}` });
    },
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}/room/polls/{pollId}',
      summary: 'End the poll now. Its result stands; ending it again changes nothing',
      ...forAction('poll.manage'),
      request: { params: pollParams, body: body(EndPoll) },
      responses: {
        200: json('The poll with its result', Poll),
        ...refusals('not_found', 'pass_needed', 'stale_etag'),
      },
    }),
    async (c) => {
      const { id, pollId } = c.req.valid('param');
      const { room, place, caller, stream } = await roomFor(c, id, 'poll.manage');
      await requireFresh(c, async () => settled(await newest(c.env, stream, pollId)));
      const { poll } = unlessRefused(await room.endPoll(place, caller, pollId));
      return c.json(there(poll), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/room/polls/{pollId}',
      summary: 'Take the poll away, open or ended: nobody sees it any more',
      ...forAction('poll.manage'),
      request: { params: pollParams },
      responses: { 204: { description: 'It is gone' }, ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { id, pollId } = c.req.valid('param');
      const { room, place, caller } = await roomFor(c, id, 'poll.manage');
      unlessRefused(await room.cancelPoll(place, caller, pollId));
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/room/polls/{pollId}/vote',
      summary: 'Vote in the poll, or change your vote while it is open',
      ...forAction('poll.vote'),
      request: { params: pollParams, body: body(CastVote) },
      responses: {
        200: json('The poll with your vote in it', Poll),
        ...refusals('not_found', 'pass_needed', 'conflict', 'banned'),
      },
    }),
    async (c) => {
      const { id, pollId } = c.req.valid('param');
      const { room, place, caller } = await roomFor(c, id, 'poll.vote');
      // The room knows them until the poll is over: whoever leaves Footlight meanwhile is found in it.
      await noteVisit(c, place.streamId);
      const answer = await room.vote(place, caller, { pollId, option: c.req.valid('json').option });
      return c.json(there(unlessRefused(answer).poll), 200, UNCACHED);
    },
  );

/** The poll without its votes. */
const settled = ({ id, question, state, closesAt }: Poll) => ({ id, question, state, closesAt });

async function newest(env: Env, stream: StreamRecord, pollId: PollId): Promise<Poll> {
  const { poll } = await roomOf(env, stream.id).tally(placeOf(stream), null);
  if (poll?.id === pollId) return poll;
  throw new FootlightError(
    'not_found',
    `There is no poll ${pollId} here any more. Look at the tally for the newest one.`,
  );
}

function there(poll: Poll | null): Poll {
  if (poll) return poll;
  throw new FootlightError('not_found', 'The poll was taken away at this moment. Look at the tally.');
}
