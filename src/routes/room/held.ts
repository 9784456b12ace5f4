// The queue of a room: lines that a judge holds, and the decision about each.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { DecideHeld, HeldDecision, HeldLines } from '../../protocol/chat.ts';
import { MessageId, StreamId } from '../../protocol/ids.ts';
import { apiDoors } from '../guards/api.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { roomFor, unlessRefused } from './caller.ts';

const params = z.object({ id: StreamId });
const lineParams = params.extend({ messageId: MessageId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const heldLines = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/room/held',
      summary: 'The lines that a judge holds and nobody has decided about, the oldest first',
      ...forAction('held.see'),
      request: { params },
      responses: { 200: json('All of them', HeldLines), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'held.see');
      return c.json({ lines: await room.waiting(place, caller.id) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/room/held/{messageId}/decision',
      summary: 'Show a line that is held to everybody, or drop it. The first to decide has decided',
      ...forAction('held.decide'),
      request: {
        params: lineParams,
        body: { required: true, content: { 'application/json': { schema: DecideHeld } } },
      },
      responses: {
        200: json('What was decided', HeldDecision),
        ...refusals('not_found', 'pass_needed', 'conflict'),
      },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param');
      const { room, place, caller } = await roomFor(c, id, 'held.decide');
      const answer = unlessRefused(await room.decide(place, caller, { ...c.req.valid('json'), messageId }));
      return c.json(answer.decision, 200, UNCACHED);
    },
  );
