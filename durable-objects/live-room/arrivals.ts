// How somebody comes in: by a ticket, by a resume token, or as nobody; and the first word that they hear.

import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import type { Room } from '../../src/domain/chat/room.ts';
import { authorOf, mayModerate, maySend } from '../../src/domain/chat/speaker.ts';
import { ROOM_VERSION, type RoomQuery } from '../../src/protocol/chat/connect.ts';
import {
  BACKLOG_EVENTS,
  CLIENT_FRAME_MAX_BYTES,
  CLIENT_FRAMES_PER_SECOND,
  RESUME_EVENTS_MAX,
  RESUME_SECONDS,
} from '../../src/protocol/chat/limits.ts';
import type { Hello, Limits } from '../../src/protocol/chat/server-frames.ts';
import type { RoomView } from '../../src/protocol/chat/settings.ts';
import type { Tally } from '../../src/protocol/chat/tally.ts';
import { MESSAGE_CHARACTERS_MAX } from '../../src/protocol/chat/text.ts';
import type { GuestBook, Visit } from './guest-book.ts';
import type { Seat } from './hall.ts';
import type { RoomKeeper } from './keeper.ts';
import type { RoomLog } from './log.ts';

interface Arrival {
  /** Null: came without a ticket, only to read. */
  visit: Visit | null;
  resumeToken: string | null;
  /** The same visit goes on. */
  isBack: boolean;
  /** And its socket may still be somewhere. */
  wasOpen: boolean;
}

async function arrive(book: GuestBook, { ticket, resume }: RoomQuery, nowMs: number): Promise<Arrival | RoomRefusal> {
  if (resume !== undefined) {
    const entered = await book.resume(resume, nowMs);
    return entered ? { ...entered, isBack: true } : OVER;
  }
  if (ticket !== undefined) {
    const entered = await book.enter(ticket, nowMs);
    return entered ? { ...entered, isBack: false, wasOpen: false } : USED;
  }
  return { visit: null, resumeToken: null, isBack: false, wasOpen: false };
}

const OVER: RoomRefusal = {
  code: 'unauthenticated',
  detail: `The resume token opens nothing: it was used, its visit has ended, or it was cut for more than ${RESUME_SECONDS} seconds. Get a new ticket.`,
};
const USED: RoomRefusal = {
  code: 'unauthenticated',
  detail: 'The ticket opens nothing: it was used, or is older than a minute. Get a new one.',
};

/** The events after `afterSeq`: all of them, or where that is too long ago the newest. */
export function missedSince(
  log: RoomLog,
  afterSeq: number | undefined,
  nowMs: number,
): { events: string[]; isComplete: boolean } {
  if (afterSeq === undefined || afterSeq > log.seq || !log.reachesBackTo(afterSeq)) return newest(log);
  const few = log.after(afterSeq, BACKLOG_EVENTS + 1);
  if (few.length <= BACKLOG_EVENTS) return { events: few.map(({ frame }) => frame), isComplete: true };
  // Who was cut for no longer than is allowed has missed nothing older.
  if (log.atMsOf(few[0]!.seq) < nowMs - (RESUME_SECONDS + SLACK_SECONDS) * 1000) return newest(log);
  const all = log.after(afterSeq, RESUME_EVENTS_MAX + 1);
  return all.length > RESUME_EVENTS_MAX ? newest(log) : { events: all.map(({ frame }) => frame), isComplete: true };
}

/** The client counts from when it noticed, the room from when it happened. */
const SLACK_SECONDS = 60;

const newest = (log: RoomLog) => ({ events: log.newest(BACKLOG_EVENTS).map(({ frame }) => frame), isComplete: false });

const LIMITS: Limits = {
  messageCharacters: MESSAGE_CHARACTERS_MAX,
  frameBytes: CLIENT_FRAME_MAX_BYTES,
  framesPerSecond: CLIENT_FRAMES_PER_SECOND,
  resumeSeconds: RESUME_SECONDS,
};

interface Welcome {
  room: RoomView;
  tally: Tally;
  arrival: Arrival;
  missed: { events: string[]; isComplete: boolean };
  seq: number;
  frameIntervalMs: number;
  nowMs: number;
}

/** Who comes in is let in: what is kept of them, and the first word that they hear. */
export async function welcomed(
  { book, log, hall, telling: { shards } }: RoomKeeper,
  { room, query, tally }: { room: Room; query: RoomQuery; tally: () => Tally },
  nowMs: number,
): Promise<{ seat: Seat; hello: string } | RoomRefusal> {
  const arrival = await arrive(book, query, nowMs);
  if ('code' in arrival) return arrival;
  const { visit, isBack, wasOpen } = arrival;
  if (isBack && visit) hall.closeWhere(({ visitId }) => visitId === visit.id, 'replaced');
  if (wasOpen && visit) shards.orderAll({ type: 'replace', visitId: visit.id });
  // From here to the hello nothing else happens: what comes after it comes as an event.
  const { seq } = log;
  const missed = missedSince(log, query.after, nowMs);
  const { frameIntervalMs } = hall;
  return {
    seat: {
      visitId: visit?.id ?? null,
      sitting: visit?.sitting ?? null,
      guest: visit?.guest ?? null,
      expiresAtMs: visit?.expiresAtMs ?? null,
      seq,
    },
    hello: helloFrame({ room: room.view, tally: tally(), arrival, missed, seq, frameIntervalMs, nowMs }),
  };
}

/** Serialised: the events are as they were stored. */
function helloFrame({
  room,
  tally,
  arrival: { visit, resumeToken },
  missed,
  seq,
  frameIntervalMs,
  nowMs,
}: Welcome): string {
  const guest = visit?.guest ?? null;
  const hello: Omit<Hello, 'backlog'> = {
    kind: 'hello',
    v: ROOM_VERSION,
    room,
    tally,
    you: guest && { ...authorOf(guest), maySend: maySend(guest), mayModerate: mayModerate(guest) },
    limits: LIMITS,
    isComplete: missed.isComplete,
    seq,
    resumeToken,
    frameIntervalMs,
    serverTimeMs: nowMs,
  };
  return withEvents(hello, 'backlog', missed.events);
}

/** What a client asked for again. */
export const resumedFrame = ({ events, isComplete }: { events: string[]; isComplete: boolean }): string =>
  withEvents({ kind: 'resumed', isComplete }, 'events', events);

const withEvents = (frame: object, name: string, events: readonly string[]): string =>
  `${JSON.stringify(frame).slice(0, -1)},"${name}":[${events.join(',')}]}`;
