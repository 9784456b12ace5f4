// A message as what answers it carries it: who said it, and the beginning.
import type { Message, ReplyTo } from '../../src/protocol/chat/message.ts';

/** Of a message, in what answers it. */
const QUOTED_CHARACTERS = 140;

export const quoteOf = ({ id, author, text }: Message): ReplyTo => ({
  id,
  author: author && { id: author.id, handle: author.handle, name: author.name },
  text: [...text].slice(0, QUOTED_CHARACTERS).join(''),
});
