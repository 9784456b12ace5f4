// The room of a stream by REST: say something, and read what was said.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { ListMessagesQuery, Message, MessagePage, SendMessage } from '../protocol/chat.ts';
import { FootlightError } from '../protocol/errors.ts';
import { MessageId, mintId, StreamId } from '../protocol/ids.ts';
import { keepMessage, listMessages } from '../storage/messages.ts';
import { note } from './audit-note.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { apiDoors } from './guards/api.ts';
import { spendMessage } from './guards/limits.ts';
import { permit } from './guards/permit.ts';
import { currentState } from './live-state.ts';
import { forAction, json, refusals } from './openapi.ts';
import { knownStream } from './viewers.ts';

const params = z.object({ id: StreamId });

export const chat = apiDoors()
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/chat',
      summary: 'Say something in the room of the stream, until the stream has ended',
      ...forAction('message.send'),
      request: { params, body: { required: true, content: { 'application/json': { schema: SendMessage } } } },
      responses: {
        202: json('The message as it is kept', Message),
        ...refusals('not_found', 'conflict', 'pass_needed'),
      },
    }),
    async (c) => {
      const author = await permit(c, 'message.send');
      await spendMessage(c, `${author.id} ${c.req.valid('param').id}`);
      const stream = await knownStream(c, c.req.valid('param').id, { offering: 'chat', scope: 'chat:write' });
      if ((await currentState(c.env, stream)) === 'ended')
        throw new FootlightError(
          'conflict',
          'The stream has ended, and its room is closed. What was said can be read.',
        );
      const { text } = c.req.valid('json');
      const id = MessageId.parse(mintId('ms', crypto.getRandomValues(new Uint8Array(16))));
      const sentAtMs = Date.now();
      await keepMessage(c.env.DB, { id, streamId: stream.id, authorId: author.id, text, sentAtMs });
      // What was said stays in the room.
      note(c, { action: 'message.sent', target: { type: 'message', id }, after: { streamId: stream.id } });
      return c.json(toMessage({ id, streamId: stream.id, author, text, sentAtMs }), 202, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/chat',
      summary: 'What was said in the room, newest first',
      request: { params, query: ListMessagesQuery },
      responses: {
        200: json('A page; nextCursor leads to the next one', MessagePage),
        ...refusals('not_found', 'pass_needed'),
      },
    }),
    async (c) => {
      const stream = await knownStream(c, c.req.valid('param').id, { offering: 'chat', scope: 'chat:read' });
      const { limit, cursor } = c.req.valid('query');
      const before = cursor === undefined ? undefined : readCursor(cursor, MessageId);
      const page = await listMessages(c.env.DB, { streamId: stream.id, before, limit });
      const body = { messages: page.messages.map(toMessage), nextCursor: page.next && writeCursor(page.next) };
      return c.json(body, 200, UNCACHED);
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

type Kept = Omit<Message, 'sentAt'> & { sentAtMs: number };

const toMessage = ({ id, streamId, author, text, sentAtMs }: Kept): Message => ({
  id,
  streamId,
  author: author && { id: author.id, handle: author.handle, name: author.name },
  text,
  sentAt: new Date(sentAtMs).toISOString(),
});
