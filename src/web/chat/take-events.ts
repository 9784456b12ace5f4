// What the events of a room make of the lines: in their one order, each once.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { LINES_MAX, type Line, REMOVED_MAX, type RoomState } from './state.ts';

/** Doubles are skipped; an event of a kind that this page does not know only counts. */
export const takeEvents = (state: RoomState, events: readonly RoomEvent[]): RoomState =>
  events.reduce((now, event) => (event.seq > now.seq ? { ...takeEvent(now, event), seq: event.seq } : now), state);

/** A newcomer's beginning, or a new one after more was missed than the room tells: what was there may have been removed meanwhile. */
export function beginAnew(state: RoomState, events: readonly RoomEvent[]): RoomState {
  const hadLines = state.lines.length > 0;
  const gap: Line = { kind: 'gap', key: `gap ${state.seq}` };
  return takeEvents({ ...state, lines: hadLines ? [gap] : [], seq: 0 }, events);
}

function takeEvent(state: RoomState, event: RoomEvent): RoomState {
  switch (event.kind) {
    case 'message':
      return { ...state, pending: echoed(state, event), lines: withLine(state, messageLine(event)) };
    case 'removed':
      return withoutMessages(state, event.messageIds);
    case 'cleared':
      return cleared(state, event);
    case 'modes':
      return { ...state, room: event.room, refusal: stillRefused(state) };
    case 'pin':
      return { ...state, pinned: event.message };
    case 'announcement': {
      const { id = null, author, text, mediaTimeMs = null, at, seq } = event;
      const line = { kind: 'announcement' as const, key: `announcement ${seq}`, id, author, text, mediaTimeMs, at };
      return { ...state, lines: withLine(state, line) };
    }
    default:
      return state;
  }
}

export const messageLine = (message: Message): Line => ({ kind: 'message', key: message.id, message });

/** Of the history, which has the announcements among what was said. */
export function pastLine(message: Message): Line {
  const { id, isAnnouncement, author, text, mediaTimeMs, sentAt: at, seq } = message;
  if (!isAnnouncement) return messageLine(message);
  return { kind: 'announcement', key: `announcement ${seq}`, id, author, text, mediaTimeMs, at };
}

/** What a mode forbade may be tried again once the modes are others; by how much, the room says. */
const BY_MODE: readonly (ErrorCode | null)[] = [
  'slow_mode',
  'followers_only',
  'subscribers_only',
  'emote_only',
  'said_before',
  'account_too_new',
  'room_closed',
];
const stillRefused = ({ refusal }: RoomState): RoomState['refusal'] =>
  refusal !== null && BY_MODE.includes(refusal.code) ? null : refusal;

const withLine = ({ lines }: RoomState, line: Line): Line[] => [...lines.slice(-(LINES_MAX - 1)), line];

/** One's own line has come back before its answer. */
function echoed({ pending, you }: RoomState, { author, text }: Message): RoomState['pending'] {
  if (you === null || author?.id !== you.id) return pending;
  const index = pending.findIndex((said) => said.state === 'sending' && said.text === text);
  return pending.map((said, at) => (at === index ? { ...said, state: 'echoed' as const } : said));
}

/** All that was said up to that number; what was announced stays. */
function cleared(state: RoomState, { upToSeq }: { upToSeq: number }): RoomState {
  const lines = state.lines.filter((line) => line.kind !== 'message' || (line.message.seq ?? 0) > upToSeq);
  return { ...state, lines, clearedUpToSeq: upToSeq, pinned: null };
}

/** Gone as lines, as quotes and as what is pinned. */
export function withoutMessages(state: RoomState, messageIds: readonly string[]): RoomState {
  const ids = new Set(messageIds);
  const isGone = (message: { id: string } | null) => message !== null && ids.has(message.id);
  const lines = state.lines.flatMap((line): Line[] => {
    if (line.kind === 'announcement') return line.id !== null && ids.has(line.id) ? [] : [line];
    if (line.kind !== 'message') return [line];
    if (isGone(line.message)) return [];
    return isGone(line.message.replyTo) ? [messageLine({ ...line.message, replyTo: null })] : [line];
  });
  const removed = [...state.removed, ...ids].slice(-REMOVED_MAX);
  return { ...state, lines, removed, pinned: isGone(state.pinned) ? null : state.pinned };
}
