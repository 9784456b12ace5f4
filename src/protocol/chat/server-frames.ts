// What the room says on a socket: JSON as text. A client lets fields and kinds pass that it does not know.
import { z } from 'zod';
import { ErrorCode } from '../errors.ts';
import { MessageId, UserId } from '../ids.ts';
import { ReportNotice } from '../reports.ts';
import { TripName } from '../shield-state.ts';
import { DeniedLine, ModeratorAct } from './desk.ts';
import { RoomEvent } from './events.ts';
import { HeldDecision, HeldLine } from './held.ts';
import { Author, ClientId } from './message.ts';
import { RoomView } from './settings.ts';
import { Tally } from './tally.ts';

const window = z.object({ fromMs: z.number().int(), toMs: z.number().int() });

export const Limits = z.object({
  messageCharacters: z.number().int(),
  frameBytes: z.number().int(),
  framesPerSecond: z.number().int(),
  resumeSeconds: z.number().int(),
});
export type Limits = z.infer<typeof Limits>;

export const ServerFrame = z.discriminatedUnion('kind', [
  /** The first word on every socket. */
  z.looseObject({
    kind: z.literal('hello'),
    v: z.number().int(),
    room: RoomView,
    tally: Tally,
    you: Author.extend({ maySend: z.boolean(), mayModerate: z.boolean() }).nullable(),
    /** Of whom you hear nothing, because one of you has blocked the other; missing: of everybody. */
    hidden: z.array(UserId).optional(),
    limits: Limits,
    /** With `after`: what came since, all of it. Without, or where `isComplete` is false: the newest events. Oldest first. */
    backlog: z.array(RoomEvent),
    isComplete: z.boolean(),
    /** The newest number there is. */
    seq: z.number().int(),
    /** In place of a ticket, for the next connection; null: you are nobody and need none. */
    resumeToken: z.string().nullable(),
    /** How long events are gathered before they are sent, at the present size of the room. */
    frameIntervalMs: z.number().int(),
    serverTimeMs: z.number().int(),
  }),
  ...RoomEvent.options,
  /** Several events at once, in order. */
  z.looseObject({ kind: z.literal('batch'), events: z.array(RoomEvent) }),
  /** The counts as they are now: at most one in a tick, and only when one has changed. No event: it has no place in the order. */
  z.looseObject({
    kind: z.literal('tally'),
    tally: Tally,
    /** The newest picture that was reacted to; null: nobody said. */
    mediaTimeMs: z.number().int().nullable(),
  }),
  /** Your message was taken; it comes to you as an event as well. */
  z.looseObject({
    kind: z.literal('accepted'),
    clientId: ClientId,
    seq: z.number().int(),
    id: MessageId,
  }),
  /** What you asked for was not done; codes are those of section 3. */
  z.looseObject({
    kind: z.literal('refused'),
    clientId: ClientId.nullable(),
    code: ErrorCode,
    detail: z.string(),
    retryAfterSeconds: z.number().int().optional(),
    /** Where a ban is appealed: a path of the API. */
    appealAt: z.string().optional(),
  }),
  /** To moderators only: a judge holds this line, and one of them decides. */
  z.looseObject({ kind: z.literal('held'), line: HeldLine }),
  /** To moderators only: it has been decided, and nobody else can. */
  z.looseObject({ kind: z.literal('decided'), ...HeldDecision.shape }),
  /** To moderators only: a judge denied this line, which nobody else sees. */
  z.looseObject({ kind: z.literal('denied'), line: DeniedLine }),
  /** To moderators only: one of them has banned somebody, lifted a ban, or taken something away. */
  z.looseObject({ kind: z.literal('acted'), ...ModeratorAct.shape }),
  /** To moderators only: something was reported on the channel, or a report was answered. */
  z.looseObject({ kind: z.literal('reported'), ...ReportNotice.shape }),
  /** As `hidden` of the hello, all of it, after a change. */
  z.looseObject({ kind: z.literal('hidden'), userIds: z.array(UserId) }),
  /** To moderators only: the shield has gone up by itself, or stays up, because more than `limit` came. */
  z.looseObject({
    kind: z.literal('tripped'),
    trip: TripName,
    count: z.number().int(),
    limit: z.number().int(),
    until: z.iso.datetime(),
  }),
  /** What a `resume` asked for; the events follow in it. */
  z.looseObject({ kind: z.literal('resumed'), events: z.array(RoomEvent), isComplete: z.boolean() }),
  /** The last word, before the close with the same code. `retry`: come back at a random moment of it; null: do not. */
  z.looseObject({
    kind: z.literal('bye'),
    code: z.number().int(),
    reason: z.string(),
    detail: z.string(),
    retry: window.nullable(),
  }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
export type Accepted = Extract<ServerFrame, { kind: 'accepted' }>;
export type Refused = Extract<ServerFrame, { kind: 'refused' }>;
export type TallyFrame = Extract<ServerFrame, { kind: 'tally' }>;
export type Hello = Extract<ServerFrame, { kind: 'hello' }>;
export type Bye = Extract<ServerFrame, { kind: 'bye' }>;

export const SERVER_KINDS: readonly string[] = ServerFrame.options.map((frame) => frame.shape.kind.value);
