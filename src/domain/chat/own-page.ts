// A page of the history as one person sees it: with the lines that nobody else is shown.
import type { Message } from '../../protocol/chat/message.ts';
import type { MessageId } from '../../protocol/ids.ts';

interface Cursor {
  atMs: number;
  id: MessageId;
}
interface Page {
  messages: Message[];
  next: Cursor | null;
}

/** `own`: what they alone are shown. What all see of it by now stays where it has always been for them. */
export function pageFor(
  page: Page,
  own: readonly Message[],
  { before, limit }: { before: Cursor | undefined; limit: number },
): Page {
  if (own.length === 0) return page;
  const ids = new Set(own.map(({ id }) => id));
  const theirs = own.filter(
    (line) => (!before || isBefore(line, before)) && (!page.next || !isBefore(line, page.next)),
  );
  const all = [...page.messages.filter(({ id }) => !ids.has(id)), ...theirs].sort((one, other) =>
    isBefore(one, keyOf(other)) ? 1 : -1,
  );
  if (all.length <= limit) return { messages: all, next: page.next };
  const messages = all.slice(0, limit);
  return { messages, next: keyOf(messages.at(-1)!) };
}

const keyOf = ({ sentAt, id }: Message): Cursor => ({ atMs: Date.parse(sentAt), id });

/** In the order of the history: by time, then by id. */
function isBefore(message: Message, { atMs, id }: Cursor): boolean {
  const key = keyOf(message);
  return key.atMs < atMs || (key.atMs === atMs && key.id < id);
}
