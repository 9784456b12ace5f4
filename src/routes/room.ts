// The room of a stream: how it is set, and the tickets that let one in.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { maySend } from '../domain/chat/speaker.ts';
import { RoomTicket, RoomView, roomPath, UpdateRoom } from '../protocol/chat.ts';
import { StreamId } from '../protocol/ids.ts';
import { baseUrl } from './context.ts';
import { apiDoors } from './guards/api.ts';
import { requireFresh } from './guards/etag.ts';
import { roomOf } from './objects.ts';
import { forAction, json, refusals } from './openapi.ts';
import { roomActs } from './room/acts.ts';
import { callerOf, hiddenNow, noteVisit, placeOf, roomFor, unlessRefused } from './room/caller.ts';
import { roomCounts } from './room/counts.ts';
import { heldLines } from './room/held.ts';
import { roomPolls } from './room/polls.ts';
import { giveDevice } from './room/tags.ts';
import { knownStream, passEndFor } from './viewers.ts';

const params = z.object({ id: StreamId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const room = apiDoors()
  .route('/', roomActs)
  .route('/', roomCounts)
  .route('/', roomPolls)
  .route('/', heldLines)
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/room',
      summary:
        'How the room is set. Upgraded to a WebSocket it is the room itself, with ?v=1 and a ticket; docs/protocol.md has its frames',
      request: { params },
      responses: { 200: json('The room', RoomView), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const stream = await knownStream(c, c.req.valid('param').id, { offering: 'chat', scope: 'chat:read' });
      return c.json(await roomOf(c.env, stream.id).view(placeOf(stream)), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}/room',
      summary: 'Change how the room is set: its modes, and whether it is open before and after the stream',
      ...forAction('room.change'),
      request: { params, body: { required: true, content: { 'application/json': { schema: UpdateRoom } } } },
      responses: {
        200: json('The room as it is now', RoomView),
        ...refusals('not_found', 'pass_needed', 'stale_etag'),
      },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'room.change');
      await requireFresh(c, () => room.view(place));
      return c.json(await room.change(place, caller, c.req.valid('json')), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/room/tickets',
      summary: 'A ticket into the room, good once for a minute; who is not signed in gets one to read',
      request: { params },
      responses: { 201: json('The ticket', RoomTicket), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const asked = { offering: 'chat', scope: 'chat:read' } as const;
      const stream = await knownStream(c, c.req.valid('param').id, asked);
      const principal = c.get('principal');
      giveDevice(c);
      // Before anything else: whoever is signed out or banned from now on is found in this room.
      await noteVisit(c, stream.id);
      const caller = principal && (await callerOf(c, principal, stream));
      const untilMs = await passEndFor(c, stream, asked);
      const hidden = caller ? await hiddenNow(c, caller.id) : null;
      const issued = unlessRefused(
        await roomOf(c.env, stream.id).issueTicket(placeOf(stream), caller, { untilMs, ...(hidden && { hidden }) }),
      );
      const { ticket, expiresAtMs } = issued;
      const socketBase = baseUrl(c).replace(/^http/, 'ws');
      const body: RoomTicket = {
        ticket,
        expiresAt: new Date(expiresAtMs).toISOString(),
        maySend: caller !== null && maySend(caller),
        socketUrl: `${socketBase}${roomPath(stream.id)}?v=1&ticket=${ticket}`,
      };
      return c.json(body, 201, UNCACHED);
    },
  );
