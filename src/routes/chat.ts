// What is said in the room of a stream, by REST: say something, read what was said, take something back.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { asSeenBy } from '../domain/chat/hiding.ts';
import { pageFor, replayPageFor } from '../domain/chat/own-page.ts';
import { ListMessagesQuery, Message, MessagePage, SendMessage } from '../protocol/chat.ts';
import { ERRORS } from '../protocol/errors.ts';
import { MessageId, StreamId } from '../protocol/ids.ts';
import { listMessages, listMessagesDuring } from '../storage/messages.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { apiDoors } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { roomOf } from './objects.ts';
import { forAction, json, refusals } from './openapi.ts';
import { messageReports } from './reports/make.ts';
import { callerOf, hiddenFromAsker, hiddenNow, noteVisit, placeOf, roomFor, unlessRefused } from './room/caller.ts';
import { room } from './room.ts';
import { knownStream } from './viewers.ts';

const params = z.object({ id: StreamId });
const messageParams = params.extend({ messageId: MessageId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const chat = apiDoors()
  .route('/', room)
  .route('/', messageReports)
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/chat',
      summary: 'Say something in the room of the stream; the same path as on its socket',
      ...forAction('message.send'),
      request: { params, body: { required: true, content: { 'application/json': { schema: SendMessage } } } },
      responses: {
        202: json('The message as everybody sees it', Message),
        ...refusals('not_found', 'pass_needed', 'room_closed', 'said_before', 'message_denied', 'message_held'),
        ...refusals('banned', 'followers_only', 'subscribers_only', 'account_too_new', 'emote_only', 'slow_mode'),
      },
    }),
    async (c) => {
      // Whoever is erased or banned from the note on is found in this room.
      const { room, place, caller } = await roomFor(c, c.req.valid('param').id, 'message.send', noteVisit);
      const { clientId = crypto.randomUUID(), ...ask } = c.req.valid('json');
      const hidden = await hiddenNow(c, caller.id);
      const answer = await room.say(place, caller, { clientId, ...ask, hidden });
      if (!answer.ok && ERRORS[answer.code][0] === 429)
        c.header('RateLimit', `"messages";r=0;t=${answer.retryAfterSeconds}`);
      return c.json(unlessRefused(answer).message, 202, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/chat',
      summary: 'What was said in the room, newest first; or during a part of the programme, in its order',
      request: { params, query: ListMessagesQuery },
      responses: {
        200: json('A page; nextCursor leads to the next one', MessagePage),
        ...refusals('not_found', 'pass_needed'),
      },
    }),
    async (c) => {
      const stream = await knownStream(c, c.req.valid('param').id, { offering: 'chat', scope: 'chat:read' });
      const { limit, cursor, fromMediaMs, toMediaMs } = c.req.valid('query');
      const place = cursor === undefined ? undefined : readCursor(cursor, MessageId);
      const isReplay = fromMediaMs !== undefined || toMediaMs !== undefined;
      const during = { fromMs: fromMediaMs ?? 0, toMs: toMediaMs ?? Number.MAX_SAFE_INTEGER, after: place };
      // The newest may still be with the room alone.
      const own = await roomOf(c.env, stream.id).settle(c.get('principal')?.id ?? null);
      const page = isReplay
        ? replayPageFor(await listMessagesDuring(c.env.DB, { streamId: stream.id, ...during, limit }), own, {
            ...during,
            limit,
          })
        : pageFor(await listMessages(c.env.DB, { streamId: stream.id, before: place, limit }), own, {
            before: place,
            limit,
          });
      const hidden = await hiddenFromAsker(c, stream);
      const messages = page.messages.flatMap((message) => asSeenBy(hidden, message) ?? []);
      return c.json({ messages, nextCursor: page.next && writeCursor(page.next) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/chat/{messageId}',
      summary:
        'Take a message back: your own (chat:write), or as a moderator that of somebody below you. It is gone everywhere',
      ...forAction('message.remove'),
      request: { params: messageParams },
      responses: { 204: { description: 'Nobody sees it any more' }, ...refusals('not_found', 'pass_needed') },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param');
      const scope = c.get('principal')?.scopes.has('channel:moderate') ? 'channel:moderate' : 'chat:write';
      const principal = signedIn(c, scope);
      const stream = await knownStream(c, id, { offering: 'chat', scope });
      const caller = await callerOf(c, principal, stream);
      unlessRefused(await roomOf(c.env, stream.id).remove(placeOf(stream), caller, messageId));
      return c.body(null, 204);
    },
  );
