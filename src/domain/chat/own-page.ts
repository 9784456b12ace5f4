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

/** Newest first. `own`: what they alone are shown. What all see of it by now stays where it has always been for them. */
export const pageFor = (
  page: Page,
  own: readonly Message[],
  { before, limit }: { before: Cursor | undefined; limit: number },
): Page => merged(page, own, { after: before, limit, keyOf: bySending, order: (one, other) => compared(other, one) });

/** The same of a part of the programme, `toMs` not included: the earliest moment first. */
export function replayPageFor(
  page: Page,
  own: readonly Message[],
  { fromMs, toMs, after, limit }: { fromMs: number; toMs: number; after: Cursor | undefined; limit: number },
): Page {
  const isMeant = ({ atMs }: Cursor) => atMs >= fromMs && atMs < toMs;
  return merged(page, own, { after, limit, keyOf: byMoment, order: compared, isMeant });
}

interface Merging {
  after: Cursor | undefined;
  limit: number;
  keyOf(message: Message): Cursor;
  order(one: Cursor, other: Cursor): number;
  isMeant?(key: Cursor): boolean;
}

function merged(
  page: Page,
  own: readonly Message[],
  { after, limit, keyOf, order, isMeant = () => true }: Merging,
): Page {
  if (own.length === 0) return page;
  const ids = new Set(own.map(({ id }) => id));
  const theirs = own.filter((line) => {
    const key = keyOf(line);
    return isMeant(key) && (!after || order(key, after) > 0) && (!page.next || order(key, page.next) <= 0);
  });
  const all = [...page.messages.filter(({ id }) => !ids.has(id)), ...theirs].sort((one, other) =>
    order(keyOf(one), keyOf(other)),
  );
  if (all.length <= limit) return { messages: all, next: page.next };
  const messages = all.slice(0, limit);
  return { messages, next: keyOf(messages.at(-1)!) };
}

const bySending = ({ sentAt, id }: Message): Cursor => ({ atMs: Date.parse(sentAt), id });

/** As the archive counts it: nobody has seen a picture before it was taken. */
function byMoment({ sentAt, mediaTimeMs, id }: Message): Cursor {
  const sentAtMs = Date.parse(sentAt);
  return { atMs: Math.min(mediaTimeMs ?? sentAtMs, sentAtMs), id };
}

/** By time, then by id. */
const compared = (one: Cursor, other: Cursor): number =>
  one.atMs - other.atMs || (one.id === other.id ? 0 : one.id < other.id ? -1 : 1);
