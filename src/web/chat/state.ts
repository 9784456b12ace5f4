// What a viewer's browser knows of a room: the lines that it keeps, who one is there, and how the connection stands.
import type { Closing } from '../../protocol/chat/closing.ts';
import type { Author, Message } from '../../protocol/chat/message.ts';
import type { Hello } from '../../protocol/chat/server-frames.ts';
import type { RoomView } from '../../protocol/chat/settings.ts';
import type { Tally } from '../../protocol/chat/tally.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Older ones are forgotten; the history is for REST. */
export const LINES_MAX = 300;
/** Removed ones are remembered as long as the past may be read beside them. */
export const REMOVED_MAX = 500;
/** What was said without an answer so far. */
export const PENDING_MAX = 20;

export type Line =
  | { kind: 'message'; key: string; message: Message }
  | {
      kind: 'announcement';
      key: string;
      /** By which it is removed; null: from before it had one. */
      id: string | null;
      author: Author | null;
      text: string;
      mediaTimeMs: number | null;
      at: string;
    }
  /** Here something was missed that the room cannot tell any more. */
  | { kind: 'gap'; key: string };

/** Said by whoever sits here, under their own name for it, until the room has answered. */
export interface Pending {
  clientId: string;
  text: string;
  replyTo: Message | null;
  mediaTimeMs: number | null;
  /** `echoed`: a line like it has come from the room already, so it is not drawn twice. */
  state: 'sending' | 'echoed';
}

export interface Refusal {
  code: ErrorCode | null;
  detail: string;
  /** What was refused, to be put back; null for an act. */
  text: string | null;
  replyTo: Message | null;
  /** From then on it may be tried again; null: waiting does not help. */
  untilMs: number | null;
  /** Of a ban: where it is appealed, a path of the API; null: nowhere. */
  appealAt: string | null;
}

export type Link =
  | { kind: 'starting' }
  | { kind: 'open' }
  /** Cut; comes back by itself. */
  | { kind: 'away' }
  /** `shut`: whoever asks is not let in. */
  | { kind: 'over'; reason: Closing | 'shut' };

export interface RoomState {
  link: Link;
  room: Omit<RoomView, 'pinned'> | null;
  pinned: Message | null;
  you: Hello['you'];
  charactersMax: number;
  frameBytesMax: number;
  lines: readonly Line[];
  /** Ids of what was removed while this page was open, the newest last. */
  removed: readonly string[];
  /** What was said up to this number was cleared while this page was open; 0: nothing. */
  clearedUpToSeq: number;
  /** People of whom this viewer hears nothing. */
  hidden: readonly string[];
  pending: readonly Pending[];
  refusal: Refusal | null;
  /** What is counted, as it stands; null: not told yet. */
  tally: Tally | null;
  /** The number of the last event that was seen; 0: none. */
  seq: number;
}

export const EMPTY_ROOM: RoomState = {
  link: { kind: 'starting' },
  room: null,
  pinned: null,
  you: null,
  charactersMax: 500,
  frameBytesMax: 4096,
  lines: [],
  removed: [],
  clearedUpToSeq: 0,
  hidden: [],
  pending: [],
  refusal: null,
  tally: null,
  seq: 0,
};
