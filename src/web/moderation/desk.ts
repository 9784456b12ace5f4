// What a moderator's page knows of a room: the queue of held lines and the log of all that happened. Pure: frames go in.
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { HeldDecision, HeldLine } from '../../protocol/chat/held.ts';
import type { Author, Message } from '../../protocol/chat/message.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import type { RoomView } from '../../protocol/chat/settings.ts';
import type { ReportNotice } from '../../protocol/reports.ts';
import { actWords, modesWords, trippedWords } from './desk-words.ts';

/** Older entries are forgotten by the page; the history keeps them. */
export const LOG_MAX = 600;
/** Decisions that are remembered, so that a list that was under way brings nothing back. */
const DECIDED_MAX = 400;

export type LogEntry =
  | {
      kind: 'message';
      key: string;
      message: Message;
      gone: 'author' | 'moderator' | null;
      /** By which moderator; null: not told. */
      goneBy: string | null;
      approvedBy: string | null;
    }
  | {
      kind: 'announcement';
      key: string;
      id: string | null;
      author: Author | null;
      text: string;
      at: string;
      gone: 'author' | 'moderator' | null;
      goneBy: string | null;
    }
  /** A line that nobody saw: a judge or a moderator denied it, or it ran out. */
  | { kind: 'denied'; key: string; line: UnseenLine; by: UnseenBy; at: string }
  | { kind: 'fact'; key: string; words: string; at: string }
  /** Here something was missed that the room cannot tell any more. */
  | { kind: 'gap'; key: string };

export type UnseenLine = Pick<HeldLine, 'id' | 'author' | 'text' | 'reason'>;
/** `person` null: they left. */
export type UnseenBy = { what: 'judge' } | { what: 'nobody' } | { what: 'moderator'; person: HeldDecision['by'] };

export interface DeskState {
  /** Oldest first; null: not known yet. */
  held: readonly HeldLine[] | null;
  log: readonly LogEntry[];
  room: Omit<RoomView, 'pinned'> | null;
  viewers: number;
  /** The number of the last event that was taken. */
  seq: number;
  decided: readonly HeldDecision[];
  /** The newest word about reports: how many of the channel are open; null: none has come. */
  reports: ReportNotice | null;
}

export const EMPTY_DESK: DeskState = {
  held: null,
  log: [],
  room: null,
  viewers: 0,
  seq: 0,
  decided: [],
  reports: null,
};

/** `nowMs`: of what carries no time of its own. */
export function takeDeskFrame(state: DeskState, frame: ServerFrame, nowMs: number): DeskState {
  switch (frame.kind) {
    case 'hello': {
      const isMissing = !frame.isComplete && state.seq > 0;
      const before = isMissing ? withEntry(state, { kind: 'gap', key: `gap ${state.seq}` }) : state;
      const { pinned: _pinned, ...room } = frame.room;
      const told = takeEvents(before, frame.backlog);
      return { ...told, room, viewers: frame.tally.viewers, seq: Math.max(told.seq, frame.seq) };
    }
    case 'batch':
    case 'resumed':
      return takeEvents(state, frame.events);
    case 'held':
      return takeHeld(state, frame.line);
    case 'decided':
      return takeDecision(state, frame);
    case 'denied': {
      const { at, ...line } = frame.line;
      return withEntry(state, { kind: 'denied', key: line.id, line, by: { what: 'judge' }, at });
    }
    case 'acted':
      return takeAct(state, frame);
    case 'tripped': {
      const { trip, count, limit, until } = frame;
      const words = trippedWords(trip, count, limit);
      return withEntry(state, { kind: 'fact', key: `tripped ${until}`, words, at: new Date(nowMs).toISOString() });
    }
    case 'reported': {
      const { reportId, streamId, messageId, state: stands, count, open } = frame;
      return { ...state, reports: { reportId, streamId, messageId, state: stands, count, open } };
    }
    case 'tally':
      return frame.tally.viewers === state.viewers ? state : { ...state, viewers: frame.tally.viewers };
    case 'message':
    case 'removed':
    case 'cleared':
    case 'modes':
    case 'announcement':
      return takeEvents(state, [frame]);
    default:
      return state;
  }
}

/** The whole queue, as it was asked for; what was decided meanwhile is not brought back, what came meanwhile stays. */
export function takeQueue(state: DeskState, lines: readonly HeldLine[]): DeskState {
  const isOpen = ({ id }: HeldLine) => !state.decided.some((decision) => decision.id === id);
  const newestMs = Math.max(0, ...lines.map(({ heldAt }) => Date.parse(heldAt)));
  const later = (state.held ?? []).filter(
    ({ id, heldAt }) => Date.parse(heldAt) >= newestMs && !lines.some((line) => line.id === id),
  );
  return { ...state, held: [...lines.filter(isOpen), ...later] };
}

function takeHeld(state: DeskState, line: HeldLine): DeskState {
  const held = state.held ?? [];
  return held.some(({ id }) => id === line.id) ? state : { ...state, held: [...held, line] };
}

/** It has been decided; the second word about one line changes nothing. */
export function takeDecision(state: DeskState, { id, decision, by, at }: HeldDecision): DeskState {
  if (state.decided.some((known) => known.id === id)) return state;
  const line = state.held?.find((one) => one.id === id);
  const told: HeldDecision = { id, decision, by, at };
  const next = {
    ...state,
    held: state.held?.filter((one) => one.id !== id) ?? null,
    decided: [...state.decided.slice(-(DECIDED_MAX - 1)), told],
  };
  // What is approved comes as a message.
  if (!line || decision === 'approved') return next;
  const unseenBy: UnseenBy = decision === 'expired' ? { what: 'nobody' } : { what: 'moderator', person: by };
  return withEntry(next, { kind: 'denied', key: id, line, by: unseenBy, at });
}

/** What moderators have done, whoever of them; what was removed is said at the lines themselves where they are here. */
function takeAct(state: DeskState, act: ModeratorAct): DeskState {
  const key = `act ${act.act} ${act.at} ${act.user?.id ?? act.messageIds[0]}`;
  if (state.log.some((entry) => entry.key === key)) return state;
  const ids = new Set<string>(act.messageIds);
  const isAbout = (entry: LogEntry) => ids.has(entry.key) || ids.has(idOf(entry));
  const isHere = state.log.some(isAbout);
  if (!isHere) return withEntry(state, { kind: 'fact', key, words: actWords(act), at: act.at });
  const log = state.log.map((entry) =>
    isAbout(entry) && 'goneBy' in entry ? { ...entry, goneBy: act.by.name } : entry,
  );
  return { ...state, log };
}

const takeEvents = (state: DeskState, events: readonly RoomEvent[]): DeskState =>
  events.reduce((now, event) => (event.seq > now.seq ? { ...takeEvent(now, event), seq: event.seq } : now), state);

function takeEvent(state: DeskState, event: RoomEvent): DeskState {
  switch (event.kind) {
    case 'message': {
      const approved = state.decided.find(({ id, decision }) => id === event.id && decision === 'approved');
      const approvedBy = approved ? (approved.by?.name ?? 'somebody who left') : null;
      return withEntry(state, { kind: 'message', key: event.id, message: event, gone: null, goneBy: null, approvedBy });
    }
    case 'removed': {
      const ids = new Set<string>(event.messageIds);
      const log = state.log.map((entry) => (ids.has(idOf(entry)) ? { ...entry, gone: event.by } : entry));
      return { ...state, log };
    }
    case 'cleared': {
      const log = state.log.map((entry) =>
        entry.kind === 'message' && entry.gone === null && (entry.message.seq ?? 0) <= event.upToSeq
          ? { ...entry, gone: 'moderator' as const }
          : entry,
      );
      return { ...state, log };
    }
    case 'modes': {
      const words = modesWords(state.room, event.room);
      const next = { ...state, room: event.room };
      return words === null ? next : withEntry(next, { kind: 'fact', key: `fact ${event.seq}`, words, at: event.at });
    }
    case 'announcement': {
      const { id = null, author, text, at } = event;
      const key = `announcement ${event.seq}`;
      return withEntry(state, { kind: 'announcement', key, id, author, text, at, gone: null, goneBy: null });
    }
    default:
      return state;
  }
}

/** Of what can be removed. */
const idOf = (entry: LogEntry): string =>
  entry.kind === 'message' ? entry.key : entry.kind === 'announcement' ? (entry.id ?? '') : '';

/** What is there to be removed; null: nothing, or it is gone. */
export function removable(entry: LogEntry): { id: string; author: Author | null } | null {
  const id = idOf(entry);
  return id === '' || isStopped(entry) ? null : { id, author: authorOf(entry) };
}

const withEntry = (state: DeskState, entry: LogEntry): DeskState => ({
  ...state,
  log: [...state.log.slice(-(LOG_MAX - 1)), entry],
});

export interface LogFilter {
  /** Words that an entry has; `@` and a handle: what one person said. */
  text: string;
  /** Only what was removed, denied or ran out. */
  onlyStopped: boolean;
}

export function filterLog(log: readonly LogEntry[], { text, onlyStopped }: LogFilter): LogEntry[] {
  const wanted = text.trim().toLowerCase();
  return log.filter((entry) => {
    const author = authorOf(entry);
    if (onlyStopped && !isStopped(entry)) return false;
    if (wanted === '') return true;
    if (wanted.startsWith('@')) return author?.handle.toLowerCase().startsWith(wanted.slice(1)) ?? false;
    return [textOf(entry), author?.name ?? '', author?.handle ?? ''].some((part) =>
      part.toLowerCase().includes(wanted),
    );
  });
}

const isStopped = (entry: LogEntry): boolean => entry.kind === 'denied' || ('gone' in entry && entry.gone !== null);

export function authorOf(entry: LogEntry): Author | null {
  if (entry.kind === 'message') return entry.message.author;
  if (entry.kind === 'denied') return entry.line.author;
  return entry.kind === 'announcement' ? entry.author : null;
}

function textOf(entry: LogEntry): string {
  if (entry.kind === 'message') return entry.message.text;
  if (entry.kind === 'denied') return entry.line.text;
  if (entry.kind === 'announcement') return entry.text;
  return entry.kind === 'fact' ? entry.words : '';
}
