// What is shown when more is said than anybody can read: chosen by rule, the same in every shard. The log keeps all.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { Message } from '../../protocol/chat/message.ts';

/** Above this nobody reads along; the automatic slow mode begins below it. What comes late comes together, so that some seconds' worth may come at once. */
export const SHOWN = { burst: 500, perSecond: 100 };
/** A frame shows at least so many, however much was shown before. */
const SHOWN_PER_FRAME_MIN = 20;

/** Of the messages of one frame, where so many may still be shown. */
export const shownAtMost = (left: number): number => Math.max(SHOWN_PER_FRAME_MIN, Math.floor(left));

export interface Reader {
  id: string;
  handle: string;
}

export interface Showing {
  /** The numbers of what everybody is shown. */
  toAll: ReadonlySet<number>;
  /** The numbers of what this reader is shown beside: one's own, and what names or answers one. Null: nothing. */
  alsoTo(reader: Reader): readonly number[] | null;
}

type Said = Extract<RoomEvent, { kind: 'message' }>;

/** All that is no message, all of staff, then of vips, then a fair sample: each author once before anybody twice. */
export function chosen(events: readonly RoomEvent[], atMost: number): Showing {
  const messages = events.filter((event): event is Said => event.kind === 'message');
  const ranked = inTurns(messages).sort((a, b) => a.turn - b.turn || (a.message.id < b.message.id ? -1 : 1));
  const shown = new Set(ranked.slice(0, atMost).map(({ message }) => message.seq));
  for (const { message, turn } of ranked) if (turn === STAFF) shown.add(message.seq);
  const hidden = messages.filter(({ seq }) => !shown.has(seq));
  for (const { kind, seq } of events) if (kind !== 'message') shown.add(seq);
  const personal = personalOf(hidden);
  return {
    toAll: shown,
    alsoTo({ id, handle }) {
      const seqs = [...(personal.get(id) ?? []), ...(personal.get(`@${handle.toLowerCase()}`) ?? [])];
      return seqs.length === 0 ? null : seqs;
    },
  };
}

const STAFF = -2;
const VIP = -1;

/** When each has its turn. Ids are random, so their order is nobody's advantage, and the same everywhere. */
function inTurns(messages: readonly Said[]): { message: Said; turn: number }[] {
  const spoken = new Map<string, number>();
  return messages.map((message) => {
    const id = message.author?.id ?? message.id;
    const nth = spoken.get(id) ?? 0;
    spoken.set(id, nth + 1);
    return { message, turn: standing(message) ?? nth };
  });
}

function standing({ author }: Message): number | null {
  const roles = author?.roles ?? [];
  if (roles.some((role) => role !== 'vip')) return STAFF;
  return roles.length > 0 ? VIP : null;
}

/** By the id of the author, of who is answered, and by `@handle` of who is named. */
function personalOf(hidden: readonly Said[]): Map<string, number[]> {
  const seqs = new Map<string, number[]>();
  for (const { seq, author, replyTo, mentions } of hidden) {
    const readers = [author?.id, replyTo?.author?.id, ...mentions.map((handle) => `@${handle}`)];
    for (const reader of new Set(readers))
      if (reader !== undefined) seqs.set(reader, [...(seqs.get(reader) ?? []), seq]);
  }
  return seqs;
}
