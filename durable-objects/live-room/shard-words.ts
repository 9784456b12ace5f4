// What a room and its shards say to each other; a hub between says the same words, to the room for its shards and to them for the room.
import type { SocketAsk } from '../../src/domain/chat/guest.ts';
import type { ShardMove } from '../../src/domain/chat/shard-plan.ts';
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
    /** So many of one shard are to come back and be placed anew. */
    | ({ type: 'move' } & ShardMove)
    /** Somebody was erased: what is kept in memory of what was told may name them. */
    | { type: 'forget' };
}

/** Everything after `afterSeq`; a shard that has told less pulls what is between. */
export interface Delivery {
  streamId: StreamId;
  /** Which hub it goes to or comes from; null: the room speaks to the shard itself. */
  hub: number | null;
  /** For whom: one shard, or those of a hub where somebody sits. */
  shards: number[];
  afterSeq: number;
  frames: LoggedFrame[];
  orders: Order[];
  /** The newest counts, as they are sent; null: they have not changed. */
  tally: string | null;
  /** How many there are in the room and all its shards. */
  audience: number;
}

/** How many a shard holds. The later word has the higher stamp, by whatever way it came. */
export interface Holding {
  shard: number;
  sockets: number;
  stamp: number;
}

export interface Taken {
  /** Of each shard that it speaks for and has heard of. */
  holding: Holding[];
  /** False: a shard of this hub has not been told all of it yet; the hub goes on trying. */
  isDone: boolean;
  /** Every shard of it that was to be told has done the orders up to this number. */
  doneOrder: number;
}

/** What the room has to decide about. */
export type Said = Extract<ClientFrame, { kind: 'send' | 'delete' }>;

/** Reactions of many sockets, added up. */
export interface Taps {
  counts: ReactionCounts;
  mediaTimeMs: number | undefined;
}

/** What comes twice is counted once: the numbers of a box only grow. */
export interface Parcel extends Taps {
  box: string;
  number: number;
}

/** Sittings that were cut, and visits that have ended. */
export interface Gone {
  cut: string[];
  ended: string[];
}

export type ShardAsk = { streamId: StreamId; holding: Holding[] } & (
  | { type: 'admit'; ask: SocketAsk }
  /** At least up to `upToSeq`. */
  | { type: 'pull'; afterSeq: number; upToSeq: number }
  | { type: 'said'; visitId: string; frame: Said }
  | { type: 'tapped'; parcels: Parcel[] }
  | { type: 'again'; afterSeq: number; userId: UserId | null }
  | ({ type: 'gone' } & Gone)
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
