// The room: one input and the time in, what comes of it out. Nothing is said to anybody that was not judged.
import type { StreamState } from '../../protocol/api.ts';
import type { RoomEvent } from '../../protocol/chat/events.ts';
import { DEFAULT_SETTINGS, type RoomSettings, type RoomView } from '../../protocol/chat/settings.ts';
import type { MessageId, StreamId, UserId } from '../../protocol/ids.ts';
import { AutomaticSlow } from './automatic-slow.ts';
import { messageWithout } from './forgetting.ts';
import type { MessageKeys, RoomInput, RoomMemory, RoomOutput, RoomTrace, SendAsk, SendFacts } from './inputs.ts';
import { ENOUGH_LINES, type JudgeLine, lineOf } from './judging.ts';
import { mentionsIn } from './mentions.ts';
import type { Verdict } from './moderation/verdict.ts';
import { refusedByMode, sameness } from './modes.ts';
import { closedTo, isOpen } from './openness.ts';
import { RateLimit } from './rate-limit.ts';
import type { RoomRefusal } from './refusal.ts';
import { NOTHING_TO_ANSWER, READ_ONLY, refusedByJudge, refusedRemoval } from './room-refusals.ts';
import { authorOf, maySend, type Speaker } from './speaker.ts';

export const newRoom = (streamId: StreamId, streamState: StreamState): RoomMemory => ({
  streamId,
  settings: DEFAULT_SETTINGS,
  streamState,
  automaticSlowSeconds: 0,
  pinned: null,
});

export class Room {
  readonly memory: RoomMemory;
  /** The number of the last event. */
  seq: number;
  private readonly judge: JudgeLine;
  private readonly slow: AutomaticSlow;
  private readonly rates = new RateLimit<string>();
  private lastSentAtMs: number;

  /** `seq` and `lastSentAtMs`: of its newest event and message. */
  constructor(
    memory: RoomMemory,
    { seq, lastSentAtMs, judge }: { seq: number; lastSentAtMs: number; judge: JudgeLine },
  ) {
    this.memory = { ...memory };
    this.seq = seq;
    this.lastSentAtMs = lastSentAtMs;
    this.judge = judge;
    this.slow = new AutomaticSlow(memory.automaticSlowSeconds);
  }

  /** People who left: what they said stays, without them. */
  forget(ids: readonly UserId[]): void {
    const { pinned } = this.memory;
    this.memory.pinned = pinned && messageWithout(pinned, ids);
  }

  get view(): RoomView {
    const { streamState, settings, automaticSlowSeconds, pinned } = this.memory;
    return { streamState, isOpen: isOpen(this.memory), settings, automaticSlowSeconds, pinned };
  }

  /** Its stream has ended, and its owner wants no more said. */
  get isOver(): boolean {
    return this.memory.streamState === 'ended' && !isOpen(this.memory);
  }

  /** When to call with `time_passed`, if nothing else comes; null: never. */
  get nextLookMs(): number | null {
    return this.slow.nextLookMs;
  }

  receive(input: RoomInput, nowMs: number): RoomOutput[] {
    switch (input.type) {
      case 'send':
        return this.send(input, nowMs);
      case 'remove':
        return this.remove(input, nowMs);
      case 'change':
        return this.change({ ...this.memory.settings, ...input.change }, nowMs);
      case 'pin':
        return this.pin(input.message, nowMs);
      case 'announce':
        return this.announce(input, nowMs);
      case 'stream_changed':
        return this.streamChanged(input.state, nowMs);
      case 'time_passed':
        return this.slow.timePassed(nowMs) ? this.slowChanged(nowMs) : [];
      default:
        return input satisfies never;
    }
  }

  private send({ speaker, ask, facts }: Extract<RoomInput, { type: 'send' }>, nowMs: number): RoomOutput[] {
    const { clientId } = ask;
    if (facts.earlier) return [{ type: 'toAsker', frame: { kind: 'accepted', clientId, ...facts.earlier } }];
    const refusal = this.refusalOf(speaker, ask, facts, nowMs);
    if (refusal) return [{ type: 'refuse', refusal, clientId }];
    const verdict = this.judged(speaker, { text: ask.text, linesBefore: facts.linesBefore }, nowMs);
    const denied = refusedByJudge(verdict);
    if (denied) return [{ type: 'refuse', refusal: denied, clientId }];
    const keys = { authorId: speaker.id, clientId, sameness: sameness(ask.text) };
    const said = this.said(speaker, { ask, facts, shown: verdict.shown }, keys, nowMs);
    const frame = { kind: 'accepted' as const, clientId, seq: this.seq, id: facts.newId };
    const isBusier = this.slow.messageCame(nowMs);
    return [said, { type: 'toAsker', frame }, ...(isBusier ? this.slowChanged(nowMs) : [])];
  }

  private refusalOf(speaker: Speaker, ask: SendAsk, facts: SendFacts, nowMs: number): RoomRefusal | null {
    if (!maySend(speaker)) return READ_ONLY;
    const { settings, automaticSlowSeconds } = this.memory;
    const { lastSentAtMs, wasSaidBefore } = facts;
    return (
      closedTo(speaker.roles, this.memory) ??
      refusedByMode({ speaker, text: ask.text, settings, automaticSlowSeconds, lastSentAtMs, wasSaidBefore }, nowMs) ??
      (ask.replyTo !== undefined && facts.replyTo === null ? NOTHING_TO_ANSWER : null) ??
      this.rates.spend(speaker.id, speaker.roles, nowMs)
    );
  }

  private judged(speaker: Speaker, said: { text: string; linesBefore: number }, nowMs: number): Verdict {
    return this.judge(lineOf(speaker, said, nowMs), nowMs);
  }

  private said(
    speaker: Speaker,
    { ask, facts, shown }: { ask: SendAsk; facts: SendFacts; shown: string },
    keys: MessageKeys,
    nowMs: number,
  ): RoomOutput {
    const { streamId } = this.memory;
    // No two in one millisecond: the order by time is the order of the numbers, in the archive too.
    this.lastSentAtMs = Math.max(nowMs, this.lastSentAtMs + 1);
    const event: RoomEvent = {
      kind: 'message',
      seq: this.nextSeq(),
      id: facts.newId,
      streamId,
      author: authorOf(speaker),
      text: shown,
      sentAt: iso(this.lastSentAtMs),
      mediaTimeMs: ask.mediaTimeMs ?? null,
      replyTo: facts.replyTo,
      mentions: mentionsIn(shown),
    };
    // What was said stays in the room.
    const trace: RoomTrace = { action: 'message.sent', target: messageOf(facts.newId), after: { streamId } };
    return { type: 'toEverybody', event, keys, trace };
  }

  private remove({ speaker, messageId, target }: Extract<RoomInput, { type: 'remove' }>, nowMs: number): RoomOutput[] {
    const isOwn = target?.authorId === speaker.id;
    const refusal = refusedRemoval(speaker, target, isOwn);
    if (refusal) return [{ type: 'refuse', refusal, clientId: null }];
    const by = isOwn ? 'author' : 'moderator';
    const event: RoomEvent = { kind: 'removed', seq: this.nextSeq(), messageIds: [messageId], by, at: iso(nowMs) };
    const after = { streamId: this.memory.streamId, by };
    const trace: RoomTrace = { action: 'message.removed', target: messageOf(messageId), after };
    const wasPinned = this.memory.pinned?.id === messageId;
    return [{ type: 'toEverybody', event, keys: null, trace }, ...(wasPinned ? this.pin(null, nowMs) : [])];
  }

  private change(settings: RoomSettings, nowMs: number): RoomOutput[] {
    const before = this.memory.settings;
    const names = (Object.keys(settings) as (keyof RoomSettings)[]).filter((name) => settings[name] !== before[name]);
    if (names.length === 0) return [];
    this.memory.settings = settings;
    const of = (all: RoomSettings) => Object.fromEntries(names.map((name) => [name, all[name]]));
    const trace: RoomTrace = {
      action: 'room.changed',
      target: { type: 'stream', id: this.memory.streamId },
      before: of(before),
      after: of(settings),
    };
    return [...this.modes(trace, nowMs), ...this.closing()];
  }

  private pin(message: RoomMemory['pinned'], nowMs: number): RoomOutput[] {
    const { pinned, streamId } = this.memory;
    if (message?.id === pinned?.id) return [];
    this.memory.pinned = message;
    const event: RoomEvent = { kind: 'pin', seq: this.nextSeq(), message, at: iso(nowMs) };
    const trace: RoomTrace = {
      action: 'message.pinned',
      target: { type: 'stream', id: streamId },
      before: { messageId: pinned?.id ?? null },
      after: { messageId: message?.id ?? null },
    };
    return [{ type: 'remember' }, { type: 'toEverybody', event, keys: null, trace }];
  }

  private announce({ speaker, text }: Extract<RoomInput, { type: 'announce' }>, nowMs: number): RoomOutput[] {
    const verdict = this.judged(speaker, { text, linesBefore: ENOUGH_LINES }, nowMs);
    const denied = refusedByJudge(verdict);
    if (denied) return [{ type: 'refuse', refusal: denied, clientId: null }];
    const event: RoomEvent = {
      kind: 'announcement',
      seq: this.nextSeq(),
      author: authorOf(speaker),
      text: verdict.shown,
      at: iso(nowMs),
    };
    const trace: RoomTrace = { action: 'room.announced', target: { type: 'stream', id: this.memory.streamId } };
    return [{ type: 'toEverybody', event, keys: null, trace }];
  }

  /** What has ended stays so. */
  private streamChanged(state: StreamState, nowMs: number): RoomOutput[] {
    const { streamState } = this.memory;
    if (state === streamState || streamState === 'ended') return [];
    this.memory.streamState = state;
    return [...this.modes(null, nowMs), ...this.closing()];
  }

  private slowChanged(nowMs: number): RoomOutput[] {
    this.memory.automaticSlowSeconds = this.slow.seconds;
    return this.modes(null, nowMs);
  }

  private modes(trace: RoomTrace | null, nowMs: number): RoomOutput[] {
    const { pinned: _pinned, ...room } = this.view;
    const event: RoomEvent = { kind: 'modes', seq: this.nextSeq(), room, at: iso(nowMs) };
    return [{ type: 'remember' }, { type: 'toEverybody', event, keys: null, trace }];
  }

  private closing(): RoomOutput[] {
    return this.isOver ? [{ type: 'closeEverybody', closing: 'room_closed' }] : [];
  }

  private nextSeq(): number {
    this.seq += 1;
    return this.seq;
  }
}

const messageOf = (id: MessageId) => ({ type: 'message', id });
const iso = (ms: number): string => new Date(ms).toISOString();
