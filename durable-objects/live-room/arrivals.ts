// How somebody comes in: by a ticket, by a resume token, or as nobody; and the first word that they hear.

import type { Guest, SocketAsk } from '../../src/domain/chat/guest.ts';
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
import type { UserId } from '../../src/protocol/ids.ts';
import type { GuestBook, Visit } from './guest-book.ts';
import type { Seat } from './hall.ts';
import type { RoomKeeper } from './keeper.ts';
import type { RoomLog } from './log.ts';
import type { LoggedFrame } from './log-schema.ts';

interface Arrival {
  /** Null: came without a ticket to a room that is open to everybody, only to read. */
  visit: Visit | null;
  resumeToken: string | null;
  /** The same visit goes on. */
  isBack: boolean;
  /** And its socket may still be somewhere. */
  wasOpen: boolean;
}

/** What came along opens nothing; null: it does, or nothing is needed. Asked before anything else is told of the room. */
export async function refusedArrival(book: GuestBook, query: RoomQuery, nowMs: number): Promise<RoomRefusal | null> {
  if (await book.isGood(query, nowMs)) return null;
  return query.resume === undefined ? USED : OVER;
}

/** `untilMs`: when the pass runs out by which somebody came without a ticket; null: they needed none. */
async function arrive(
  book: GuestBook,
  { query: { ticket, resume }, untilMs = null }: Pick<SocketAsk, 'query' | 'untilMs'>,
  nowMs: number,
): Promise<Arrival | RoomRefusal> {
  if (resume !== undefined) {
    const entered = await book.resume(resume, nowMs);
    return entered ? { ...entered, isBack: true } : OVER;
  }
  if (ticket !== undefined) {
    const entered = await book.enter(ticket, nowMs);
    return entered ? { ...entered, isBack: false, wasOpen: false } : USED;
  }
  if (untilMs !== null) return { ...(await book.enterUntil(untilMs, nowMs)), isBack: false, wasOpen: false };
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

/** The events after `afterSeq`, as far as they are for this person: all of them, or where that is too long ago the newest. */
export function missedSince(
  log: RoomLog,
  { afterSeq, userId }: { afterSeq: number | undefined; userId: UserId | null },
  nowMs: number,
): { events: string[]; isComplete: boolean } {
  const { told } = log;
  const newest = () => ({ events: framesOf(told.newestFor(userId, BACKLOG_EVENTS)), isComplete: false });
  if (afterSeq === undefined || afterSeq > log.seq || !log.reachesBackTo(afterSeq)) return newest();
  const few = told.afterFor(userId, afterSeq, BACKLOG_EVENTS + 1);
  if (few.length <= BACKLOG_EVENTS) return { events: framesOf(few), isComplete: true };
  // Who was cut for no longer than is allowed has missed nothing older.
  if (told.atMsOf(few[0]!.seq) < nowMs - (RESUME_SECONDS + SLACK_SECONDS) * 1000) return newest();
  const all = told.afterFor(userId, afterSeq, RESUME_EVENTS_MAX + 1);
  return all.length > RESUME_EVENTS_MAX ? newest() : { events: framesOf(all), isComplete: true };
}

const framesOf = (frames: readonly LoggedFrame[]): string[] => frames.map(({ frame }) => frame);

/** The client counts from when it noticed, the room from when it happened. */
const SLACK_SECONDS = 60;

const LIMITS: Limits = {
  messageCharacters: MESSAGE_CHARACTERS_MAX,
  frameBytes: CLIENT_FRAME_MAX_BYTES,
  framesPerSecond: CLIENT_FRAMES_PER_SECOND,
  resumeSeconds: RESUME_SECONDS,
};

interface Greeting {
  room: RoomView;
  tally: Tally;
  arrival: Arrival;
  /** Who is hidden from them here. */
  hidden: readonly UserId[];
  missed: { events: string[]; isComplete: boolean };
  seq: number;
  frameIntervalMs: number;
  nowMs: number;
}

export interface Welcome {
  seat: Seat;
  hello: string;
  /** The same visit goes on. */
  isBack: boolean;
}

interface Welcoming {
  room: Room;
  ask: SocketAsk;
  tally: () => Tally;
  /** Who is hidden from somebody here. */
  hiddenFrom(guest: Guest): readonly UserId[];
  onWelcome(welcome: Welcome): void;
}

/** Who comes in is let in: what is kept of them, and the first word that they hear. */
export async function welcomed(
  { book, log, hall, telling: { shards } }: RoomKeeper,
  { room, ask, tally, hiddenFrom, onWelcome }: Welcoming,
  nowMs: number,
): Promise<Welcome | RoomRefusal> {
  const arrival = await arrive(book, ask, nowMs);
  if ('code' in arrival) return arrival;
  const { visit, isBack, wasOpen } = arrival;
  if (isBack && visit) hall.closeWhere(({ visitId }) => visitId === visit.id, 'replaced');
  if (wasOpen && visit) shards.orderAll({ type: 'replace', visitId: visit.id });
  // From here to the hello nothing else happens: what comes after it comes as an event.
  const { seq } = log;
  const missed = missedSince(log, { afterSeq: ask.query.after, userId: visit?.guest?.id ?? null }, nowMs);
  const { frameIntervalMs } = hall;
  const welcome = {
    isBack,
    seat: {
      visitId: visit?.id ?? null,
      sitting: visit?.sitting ?? null,
      guest: visit?.guest ?? null,
      expiresAtMs: visit?.expiresAtMs ?? null,
      seq,
    },
    hello: helloFrame({
      room: room.view,
      tally: tally(),
      arrival,
      hidden: visit?.guest ? hiddenFrom(visit.guest) : [],
      missed,
      seq,
      frameIntervalMs,
      nowMs,
    }),
  };
  onWelcome(welcome);
  return welcome;
}

/** Serialised: the events are as they were stored. */
function helloFrame({
  room,
  tally,
  arrival: { visit, resumeToken },
  hidden,
  missed,
  seq,
  frameIntervalMs,
  nowMs,
}: Greeting): string {
  const guest = visit?.guest ?? null;
  const hello: Omit<Hello, 'backlog'> = {
    kind: 'hello',
    v: ROOM_VERSION,
    room,
    tally,
    you: guest && { ...authorOf(guest), maySend: maySend(guest), mayModerate: mayModerate(guest) },
    ...(hidden.length > 0 && { hidden: [...hidden] }),
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
