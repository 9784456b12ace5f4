// What moderators of a channel do in its rooms beside removing: pin a message, announce something, and clear the room.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { ClearRoom, MakeAnnouncement, PinMessage, RoomView } from '../../protocol/chat.ts';
import { StreamId } from '../../protocol/ids.ts';
import { apiDoors } from '../guards/api.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { roomFor, unlessRefused } from './caller.ts';

const params = z.object({ id: StreamId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const roomActs = apiDoors()
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/room/pin',
      summary: 'Pin a message of the room, in place of the one that is pinned',
      ...forAction('room.pin'),
      request: { params, body: { required: true, content: { 'application/json': { schema: PinMessage } } } },
      responses: { 200: json('The room with its pin', RoomView), ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'room.pin');
      unlessRefused(await room.pin(place, caller, c.req.valid('json').messageId));
      return c.json(await room.view(place), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/room/pin',
      summary: 'Pin nothing any more',
      ...forAction('room.pin'),
      request: { params },
      responses: { 204: { description: 'Nothing is pinned' }, ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'room.pin');
      unlessRefused(await room.pin(place, caller, null));
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/room/announcements',
      summary: 'Announce something to everybody in the room',
      ...forAction('room.announce'),
      request: { params, body: { required: true, content: { 'application/json': { schema: MakeAnnouncement } } } },
      responses: {
        202: { description: 'Everybody in the room is told' },
        ...refusals('not_found', 'pass_needed', 'message_denied', 'banned'),
      },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'room.announce');
      unlessRefused(await room.announce(place, caller, c.req.valid('json')));
      return c.body(null, 202);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/room/clearings',
      summary: 'Clear the room: all that was said up to now is gone everywhere, whoever said it',
      ...forAction('room.clear'),
      request: { params, body: { required: true, content: { 'application/json': { schema: ClearRoom } } } },
      responses: { 202: { description: 'It is cleared' }, ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'room.clear');
      await room.clear(place, caller, c.req.valid('json').reason ?? null);
      return c.body(null, 202);
    },
  );
