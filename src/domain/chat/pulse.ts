// What is counted in a room: reactions, upvotes, viewers, the poll. However much comes in, one tally goes out per tick.
import { NO_REACTIONS, type ReactionName } from '../../protocol/chat/reaction-words.ts';
import type { ReactionCounts, ReactionTotals } from '../../protocol/chat/reactions.ts';
import type { Tally } from '../../protocol/chat/tally.ts';
import type { PollId, StreamId, UserId } from '../../protocol/ids.ts';
import { type Beat, WATCHING_LOST_SECONDS } from '../../protocol/watching.ts';
import type { RoomTrace } from './inputs.ts';
import {
  isOpenAt,
  NO_POLL_AFTER_THE_END,
  NO_SUCH_OPTION,
  NO_SUCH_POLL,
  POLL_IS_OPEN,
  POLL_IS_OVER,
  type PollMemory,
  pollView,
  votesOf,
  withVote,
} from './poll.ts';
import { Presence } from './presence.ts';
import type { RoomRefusal } from './refusal.ts';

/** What outlives the memory of the object: written with each tally. */
export interface PulseMemory {
  reactions: ReactionTotals;
  upvotes: number;
  viewers: number;
  /** When they were last counted, give or take LOOK_MS. */
  viewersAtMs: number;
  poll: PollMemory | null;
}

export const NO_PULSE: PulseMemory = { reactions: NO_REACTIONS, upvotes: 0, viewers: 0, viewersAtMs: 0, poll: null };

/** Who has gone without a word is missed this often. */
const LOOK_MS = 5000;
/** Who was counted no longer ago than this may still be there; of an older memory nobody knows. */
const KNOWN_FOR_MS = WATCHING_LOST_SECONDS * 1000 + LOOK_MS;

export type PulseInput =
  | { type: 'react'; counts: ReactionCounts; mediaTimeMs: number | undefined }
  | { type: 'beats'; beats: readonly Beat[] }
  /** How many there are in the database. */
  | { type: 'upvotes'; count: number }
  | { type: 'open_poll'; poll: Pick<PollMemory, 'id' | 'question' | 'options' | 'mediaTimeMs'>; seconds: number }
  /** `before`: what the same account has voted; null: nothing yet. */
  | { type: 'vote'; userId: UserId; pollId: PollId; option: number; before: number | null }
  | { type: 'end_poll'; pollId: PollId }
  | { type: 'cancel_poll'; pollId: PollId }
  | { type: 'stream_ended' }
  | { type: 'time_passed' };

export type PulseOutput =
  /** `memory` is to be kept, and everybody is told. */
  | { type: 'tell'; tally: Tally; mediaTimeMs: number | null }
  | { type: 'keepBallot'; userId: UserId; option: number }
  /** The poll is over: who voted what is known no longer. */
  | { type: 'dropBallots' }
  /** `memory` is to be kept now. */
  | { type: 'remember' }
  | { type: 'trace'; trace: RoomTrace }
  | { type: 'refuse'; refusal: RoomRefusal };

export class Pulse {
  readonly memory: PulseMemory;
  private readonly streamId: StreamId;
  private readonly presence: Presence;
  private hasEnded: boolean;
  private isChanged = false;
  private mediaTimeMs: number | null = null;
  private toldAtMs = 0;
  private lookedAtMs = 0;

  /** `nowMs`: everybody who was counted before has the time of a heartbeat from now on to say so again. */
  constructor(
    memory: PulseMemory,
    { streamId, hasEnded, nowMs }: { streamId: StreamId; hasEnded: boolean; nowMs: number },
  ) {
    this.memory = { ...memory };
    this.streamId = streamId;
    this.hasEnded = hasEnded;
    const isKnown = nowMs < memory.viewersAtMs + KNOWN_FOR_MS;
    this.presence = new Presence({ viewers: isKnown ? memory.viewers : 0, atMs: nowMs });
  }

  get tally(): Tally {
    const { reactions, upvotes, viewers, poll } = this.memory;
    return { reactions, upvotes, viewers, poll: poll && pollView(poll) };
  }

  /** When to call with `time_passed`; null: nothing waits. `tickMs`: the shortest time between two tallies. */
  nextLookMs(tickMs: number): number | null {
    const { poll, viewers } = this.memory;
    const due = [
      this.isChanged ? this.toldAtMs + tickMs : null,
      poll?.state === 'open' ? poll.closesAtMs : null,
      viewers > 0 ? this.lookedAtMs + LOOK_MS : null,
    ].filter((atMs) => atMs !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  receive(input: PulseInput, nowMs: number, tickMs: number): PulseOutput[] {
    return [...this.take(input, nowMs), ...this.tick(nowMs, tickMs)];
  }

  private take(input: PulseInput, nowMs: number): PulseOutput[] {
    switch (input.type) {
      case 'react':
        return this.react(input);
      case 'beats':
        return this.beats(input.beats, nowMs);
      case 'upvotes':
        return this.change({ upvotes: input.count });
      case 'open_poll':
        return this.openPoll(input, nowMs);
      case 'vote':
        return this.vote(input, nowMs);
      case 'end_poll':
        return this.endPoll(input.pollId, nowMs);
      case 'cancel_poll':
        return this.cancelPoll(input.pollId);
      case 'stream_ended':
        return this.streamEnded(nowMs);
      case 'time_passed':
        return this.timePassed(nowMs);
      default:
        return input satisfies never;
    }
  }

  private react({ counts, mediaTimeMs }: Extract<PulseInput, { type: 'react' }>): PulseOutput[] {
    const reactions = { ...this.memory.reactions };
    for (const [kind, count] of Object.entries(counts) as [ReactionName, number | undefined][])
      reactions[kind] += count ?? 0;
    if (mediaTimeMs !== undefined) this.mediaTimeMs = Math.max(this.mediaTimeMs ?? 0, mediaTimeMs);
    return this.change({ reactions });
  }

  private beats(beats: readonly Beat[], nowMs: number): PulseOutput[] {
    if (this.hasEnded) return [];
    for (const beat of beats) this.presence.beat(beat, nowMs);
    return this.countViewers(nowMs);
  }

  private countViewers(nowMs: number): PulseOutput[] {
    this.lookedAtMs = nowMs;
    const viewers = this.presence.count(nowMs);
    if (viewers !== this.memory.viewers) return this.change({ viewers, viewersAtMs: nowMs });
    if (viewers === 0 || nowMs < this.memory.viewersAtMs + LOOK_MS) return [];
    this.memory.viewersAtMs = nowMs;
    return [{ type: 'remember' }];
  }

  private openPoll({ poll, seconds }: Extract<PulseInput, { type: 'open_poll' }>, nowMs: number): PulseOutput[] {
    if (this.hasEnded) return refused(NO_POLL_AFTER_THE_END);
    if (isOpenAt(this.memory.poll, nowMs)) return refused(POLL_IS_OPEN);
    // The one before it may be over without anybody having looked yet.
    const over = this.closeIfDue(nowMs);
    const times = { openedAtMs: nowMs, closesAtMs: nowMs + seconds * 1000 };
    const opened: PollMemory = { ...poll, ...times, counts: poll.options.map(() => 0), state: 'open' };
    this.change({ poll: opened });
    const after = { streamId: this.streamId, question: poll.question, options: poll.options, seconds };
    return [...over, { type: 'dropBallots' }, { type: 'remember' }, traceOf('poll.opened', poll.id, after)];
  }

  private vote(
    { userId, pollId, option, before }: Extract<PulseInput, { type: 'vote' }>,
    nowMs: number,
  ): PulseOutput[] {
    const { poll } = this.memory;
    if (poll?.id !== pollId) return refused(NO_SUCH_POLL);
    if (!isOpenAt(poll, nowMs)) return refused(POLL_IS_OVER);
    if (option >= poll.options.length) return refused(NO_SUCH_OPTION);
    if (option === before) return [];
    this.change({ poll: withVote(poll, option, before) });
    const kept: PulseOutput = { type: 'keepBallot', userId, option };
    // Once for each account, and never for what: the log can count the votes and not read them.
    return before === null ? [kept, traceOf('poll.voted', pollId, { streamId: this.streamId })] : [kept];
  }

  private endPoll(pollId: PollId, nowMs: number): PulseOutput[] {
    const { poll } = this.memory;
    if (poll?.id !== pollId) return refused(NO_SUCH_POLL);
    if (poll.state === 'ended') return [];
    return this.close(poll, Math.min(nowMs, poll.closesAtMs));
  }

  private cancelPoll(pollId: PollId): PulseOutput[] {
    if (this.memory.poll?.id !== pollId) return refused(NO_SUCH_POLL);
    this.change({ poll: null });
    const after = { streamId: this.streamId };
    return [{ type: 'dropBallots' }, { type: 'remember' }, traceOf('poll.cancelled', pollId, after)];
  }

  private closeIfDue(nowMs: number): PulseOutput[] {
    const { poll } = this.memory;
    return poll?.state === 'open' && nowMs >= poll.closesAtMs ? this.close(poll, poll.closesAtMs) : [];
  }

  private close(poll: PollMemory, atMs: number): PulseOutput[] {
    this.change({ poll: { ...poll, state: 'ended', closesAtMs: atMs } });
    const after = { streamId: this.streamId, votes: votesOf(poll), counts: poll.counts.map(String) };
    return [{ type: 'dropBallots' }, { type: 'remember' }, traceOf('poll.ended', poll.id, after)];
  }

  private streamEnded(nowMs: number): PulseOutput[] {
    if (this.hasEnded) return [];
    this.hasEnded = true;
    this.presence.clear();
    const { poll } = this.memory;
    const closed = poll?.state === 'open' ? this.close(poll, Math.min(nowMs, poll.closesAtMs)) : [];
    return [...closed, ...this.countViewers(nowMs)];
  }

  private timePassed(nowMs: number): PulseOutput[] {
    const isDue = nowMs >= this.lookedAtMs + LOOK_MS;
    return [...this.closeIfDue(nowMs), ...(isDue ? this.countViewers(nowMs) : [])];
  }

  private change(changed: Partial<PulseMemory>): PulseOutput[] {
    Object.assign(this.memory, changed);
    this.isChanged = true;
    return [];
  }

  private tick(nowMs: number, tickMs: number): PulseOutput[] {
    if (!this.isChanged || nowMs < this.toldAtMs + tickMs) return [];
    const { mediaTimeMs } = this;
    this.isChanged = false;
    this.mediaTimeMs = null;
    this.toldAtMs = nowMs;
    return [{ type: 'tell', tally: this.tally, mediaTimeMs }];
  }
}

const refused = (refusal: RoomRefusal): PulseOutput[] => [{ type: 'refuse', refusal }];

const traceOf = (action: RoomTrace['action'], id: PollId, after: NonNullable<RoomTrace['after']>): PulseOutput => ({
  type: 'trace',
  trace: { action, target: { type: 'poll', id }, after },
});
