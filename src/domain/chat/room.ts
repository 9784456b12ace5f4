// The room: one input and the time in, what comes of it out. Nothing is said to anybody that was not judged.
import type { StreamState } from '../../protocol/api.ts';
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { RoomSettings, RoomView } from '../../protocol/chat/settings.ts';
import type { UserId } from '../../protocol/ids.ts';
import { iso } from '../iso.ts';
import { announced } from './announcing.ts';
import { AutomaticSlow } from './automatic-slow.ts';
import { messageWithout } from './forgetting.ts';
import { approved, denied, expired, hold, type LineToHold, refusedDecision, traceOf } from './holding.ts';
import type { MessageKeys, RoomInput, RoomMemory, RoomOutput, RoomTrace } from './inputs.ts';
import { ENOUGH_LINES, type JudgeLine } from './judging.ts';
import type { Verdict } from './moderation/verdict.ts';
import { sameness } from './modes.ts';
import { answeredBefore, asksModel, toHold, withoutModel } from './once-judged.ts';
import { isOpen } from './openness.ts';
import { RateLimit } from './rate-limit.ts';
import { refusedSend } from './refused-send.ts';
import { refusedByJudge, refusedRemoval } from './room-refusals.ts';
import { changedTrace, pinnedTrace, removedAllTrace, removedTrace, sentTrace } from './room-traces.ts';
import { lineOf, lineToJudge, messageEvent, refusedLine } from './saying.ts';
import { shieldView } from './shield.ts';
import type { Speaker } from './speaker.ts';
import { holdUnknown, takenBack } from './unheard.ts';

export { newRoom } from './new-room.ts';

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
    // What was stored before there were shields has none.
    this.memory = { ...memory, shield: memory.shield ?? null, judge: memory.judge ?? 'off' };
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
    const { streamState, settings, automaticSlowSeconds, judge, pinned } = this.memory;
    const shield = shieldView(this.memory.shield);
    return { streamState, isOpen: isOpen(this.memory), settings, automaticSlowSeconds, shield, judge, pinned };
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
      case 'opinion':
        return this.afterDoubt(input, nowMs);
      case 'guarded':
        Object.assign(this.memory, input.guard);
        return this.modes(input.trace, nowMs);
      case 'remove':
        return this.remove(input, nowMs);
      case 'change':
        return this.change({ ...this.memory.settings, ...input.change }, nowMs);
      case 'pin':
        return this.pin(input.message, nowMs);
      case 'announce':
        return this.announce(input, nowMs);
      case 'decide':
        return this.decide(input, nowMs);
      case 'banned':
        return this.banned(input, nowMs);
      case 'hold_expired':
        return [expired(input.held, nowMs)];
      case 'stream_changed':
        return this.streamChanged(input.state, nowMs);
      case 'time_passed':
        return this.slow.timePassed(nowMs) ? this.slowChanged(nowMs) : [];
      default:
        return input satisfies never;
    }
  }

  private send(said: Extract<RoomInput, { type: 'send' }>, nowMs: number): RoomOutput[] {
    const { speaker, ask, facts } = said;
    const { clientId } = ask;
    const again = answeredBefore(facts, clientId);
    if (again) return again;
    const refusal = refusedSend(said, this.memory, nowMs) ?? this.rates.spend(speaker.id, speaker.roles, nowMs);
    if (refusal) return [{ type: 'refuse', refusal, clientId }];
    const verdict = this.judged(speaker, { text: ask.text, linesBefore: facts.linesBefore }, nowMs);
    if (asksModel(verdict, facts)) return [{ type: 'doubt', verdict }];
    return this.settle({ speaker, ask, facts, verdict: withoutModel(verdict, facts) }, nowMs);
  }

  /** The model has answered, or has not: what has happened meanwhile counts. */
  private afterDoubt(doubted: Extract<RoomInput, { type: 'opinion' }>, nowMs: number): RoomOutput[] {
    const { clientId } = doubted.ask;
    const again = answeredBefore(doubted.facts, clientId);
    if (again) return again;
    const refusal = refusedSend(doubted, this.memory, nowMs);
    return refusal ? [{ type: 'refuse', refusal, clientId }] : this.settle(doubted, nowMs);
  }

  private settle(
    { speaker, ask, facts, verdict }: Omit<Extract<RoomInput, { type: 'opinion' }>, 'type'>,
    nowMs: number,
  ): RoomOutput[] {
    const { clientId } = ask;
    const keys = { authorId: speaker.id, clientId, sameness: sameness(ask.text) };
    const line = lineOf(speaker, { ask, facts, verdict, streamId: this.memory.streamId });
    const { waiting } = facts;
    const held = toHold(line, verdict, facts);
    if (held && !held.isUnknown) return hold({ line: held.line, keys, waiting }, nowMs);
    const refused = refusedByJudge(verdict);
    if (refused) return [refusedLine(line, refused, clientId)];
    // What nobody else has heard is no quote for them.
    const toSay = facts.isReplyUnheard && !held ? { ...line, replyTo: null } : line;
    const said = this.said(toSay, { keys, trace: sentTrace(this.memory.streamId, line.id) }, nowMs);
    const answer: RoomOutput = { type: 'toAsker', frame: { kind: 'accepted', clientId, seq: this.seq, id: line.id } };
    if (held) return [...holdUnknown({ line: held.line, keys, waiting }, said, nowMs), answer];
    const isBusier = this.slow.messageCame(nowMs);
    return [said, answer, ...(isBusier ? this.slowChanged(nowMs) : [])];
  }

  private judged(speaker: Speaker, said: { text: string; linesBefore: number }, nowMs: number): Verdict {
    return this.judge(lineToJudge(speaker, said, nowMs), nowMs);
  }

  private said(line: LineToHold, { keys, trace }: { keys: MessageKeys; trace: RoomTrace }, nowMs: number) {
    // No two in one millisecond: the order by time is the order of the numbers, in the archive too.
    this.lastSentAtMs = Math.max(nowMs, this.lastSentAtMs + 1);
    const event = messageEvent(line, { seq: this.nextSeq(), sentAt: iso(this.lastSentAtMs) });
    return { type: 'toEverybody' as const, event, keys, trace };
  }

  /** The first who decides has decided; what is approved takes its place in the order now. */
  private decide(
    { speaker, held, decision, reason }: Extract<RoomInput, { type: 'decide' }>,
    nowMs: number,
  ): RoomOutput[] {
    const refusal = refusedDecision(speaker, held);
    if (refusal) return [{ type: 'refuse', refusal, clientId: null }];
    if (!held) return [];
    if (decision === 'denied') return [denied(held, { by: speaker, reason }, nowMs)];
    const trace = traceOf('message.approved', held, reason);
    const said = this.said(held.line, { keys: held.keys, trace }, nowMs);
    return [approved(held, speaker, nowMs), held.isShadow ? { ...said, notFor: held.keys.authorId } : said];
  }

  private remove({ speaker, messageId, target }: Extract<RoomInput, { type: 'remove' }>, nowMs: number): RoomOutput[] {
    const isOwn = target?.authorId === speaker.id;
    const refusal = refusedRemoval(speaker, target, isOwn);
    if (refusal) return [{ type: 'refuse', refusal, clientId: null }];
    const by = isOwn ? 'author' : 'moderator';
    const event: RoomEvent = { kind: 'removed', seq: this.nextSeq(), messageIds: [messageId], by, at: iso(nowMs) };
    const trace = removedTrace(this.memory.streamId, messageId, by);
    if (target?.unheard) return takenBack(speaker, { event, trace, waiting: target.unheard.waiting }, nowMs);
    const wasPinned = this.memory.pinned?.id === messageId;
    return [{ type: 'toEverybody', event, keys: null, trace }, ...(wasPinned ? this.pin(null, nowMs) : [])];
  }

  /** What waits of theirs is denied; what they have said goes where the moderator wants it. */
  private banned(
    { by, userId, messageIds, waiting }: Extract<RoomInput, { type: 'banned' }>,
    nowMs: number,
  ): RoomOutput[] {
    const outputs = waiting.map((held) => denied(held, { by, reason: 'Its author was banned.' }, nowMs));
    if (messageIds.length === 0) return outputs;
    const event: RoomEvent = { kind: 'removed', seq: this.nextSeq(), messageIds, by: 'moderator', at: iso(nowMs) };
    const trace = removedAllTrace(this.memory.streamId, userId, messageIds.length);
    const wasPinned = messageIds.some((id) => id === this.memory.pinned?.id);
    return [...outputs, { type: 'toEverybody', event, keys: null, trace }, ...(wasPinned ? this.pin(null, nowMs) : [])];
  }

  private change(settings: RoomSettings, nowMs: number): RoomOutput[] {
    const trace = changedTrace(this.memory.streamId, this.memory.settings, settings);
    if (!trace) return [];
    this.memory.settings = settings;
    return [...this.modes(trace, nowMs), ...this.closing()];
  }

  /** Without what it answers: that may be removed while this stays pinned. */
  private pin(said: RoomMemory['pinned'], nowMs: number): RoomOutput[] {
    const { pinned, streamId } = this.memory;
    const message = said && { ...said, replyTo: null };
    if (message?.id === pinned?.id) return [];
    this.memory.pinned = message;
    const event: RoomEvent = { kind: 'pin', seq: this.nextSeq(), message, at: iso(nowMs) };
    const trace = pinnedTrace(streamId, pinned?.id ?? null, message?.id ?? null);
    return [{ type: 'remember' }, { type: 'toEverybody', event, keys: null, trace }];
  }

  private announce(input: Extract<RoomInput, { type: 'announce' }>, nowMs: number): RoomOutput[] {
    const { speaker, text, mediaTimeMs = null } = input;
    const verdict = this.judged(speaker, { text, linesBefore: ENOUGH_LINES }, nowMs);
    const refused = refusedByJudge(verdict);
    if (refused) return [{ type: 'refuse', refusal: refused, clientId: null }];
    const place = { seq: this.nextSeq(), streamId: this.memory.streamId, at: iso(nowMs) };
    return [announced(speaker, { ...place, text: verdict.shown, mediaTimeMs })];
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
