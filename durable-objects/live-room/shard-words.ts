// What a room and its shards say to each other.
import type { SocketAsk } from '../../src/domain/chat/guest.ts';
import type { ClientFrame } from '../../src/protocol/chat/client-frames.ts';
import type { ReactionCounts } from '../../src/protocol/chat/reactions.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import type { StreamId, UserId } from '../../src/protocol/ids.ts';
import type { Refusal } from '../../src/protocol/origin.ts';
import type { Seat } from './hall.ts';
import type { Hearers, TurningAway } from './hearers.ts';
import type { LoggedFrame } from './log.ts';

/** What the room wants done with sockets of a shard. Numbers only grow, so that a shard can tell what came before a newcomer. */
export interface Order {
  number: number;
  what:
    | ({ type: 'turnAway' } & TurningAway)
    | { type: 'replace'; visitId: string }
    /** What is not for everybody, and no event. */
    | { type: 'tell'; to: Hearers; frame: ServerFrame }
    /** So many of them are to come back and be placed anew. */
    | { type: 'move'; count: number };
}

/** Everything after `afterSeq`; a shard that has told less pulls what is between. */
export interface Delivery {
  afterSeq: number;
  frames: LoggedFrame[];
  orders: Order[];
  /** The newest counts, as they are sent; null: they have not changed. */
  tally: string | null;
  /** How many there are in the room and all its shards. */
  audience: number;
}

export interface ShardState {
  sockets: number;
}

/** What the room has to decide about. */
export type Said = Extract<ClientFrame, { kind: 'send' | 'delete' }>;

/** Reactions of many sockets, added up. */
export interface Taps {
  counts: ReactionCounts;
  mediaTimeMs: number | undefined;
}

export type ShardAsk = { streamId: StreamId; index: number; sockets: number } & (
  | { type: 'admit'; ask: SocketAsk }
  | { type: 'pull'; afterSeq: number }
  | { type: 'said'; visitId: string; frame: Said }
  | ({ type: 'tapped' } & Taps)
  | { type: 'again'; afterSeq: number; userId: UserId | null }
  | { type: 'gone'; cut: string[]; ended: string[] }
);

/** Somebody may sit down in a shard: who they are, and the first word that they hear. */
export interface Admission {
  seat: Seat;
  hello: string;
  /** The room has closed meanwhile: it is the last word too. */
  isOver: boolean;
  /** The number of the last order that was given before. */
  order: number;
  audience: number;
}

export interface ShardAnswers {
  admit: ({ ok: true } & Admission) | Refusal;
  pull: LoggedFrame[];
  /** For the socket that has said it; null: its visit has ended. */
  said: ServerFrame[] | null;
  tapped: null;
  /** Everything up to `seq`. */
  again: { frame: string; seq: number };
  gone: null;
}
