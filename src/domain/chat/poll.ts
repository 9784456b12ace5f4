// One poll: what may be done with it, and what its votes come to.
import type { Poll } from '../../protocol/chat/polls.ts';
import type { PollId } from '../../protocol/ids.ts';
import type { RoomRefusal } from './refusal.ts';

export interface PollMemory {
  id: PollId;
  question: string;
  options: string[];
  /** Of each option. */
  counts: number[];
  state: Poll['state'];
  mediaTimeMs: number | null;
  openedAtMs: number;
  closesAtMs: number;
}

export const votesOf = ({ counts }: Pick<PollMemory, 'counts'>): number =>
  counts.reduce((sum, count) => sum + count, 0);

export const pollView = (poll: PollMemory): Poll => ({
  id: poll.id,
  question: poll.question,
  options: poll.options.map((text, at) => ({ text, votes: poll.counts[at] ?? 0 })),
  votes: votesOf(poll),
  state: poll.state,
  mediaTimeMs: poll.mediaTimeMs,
  openedAt: new Date(poll.openedAtMs).toISOString(),
  closesAt: new Date(poll.closesAtMs).toISOString(),
});

export const isOpenAt = (poll: PollMemory | null, nowMs: number): poll is PollMemory =>
  poll !== null && poll.state === 'open' && nowMs < poll.closesAtMs;

/** With one vote more, or with one that was changed (`before`). */
export const withVote = (poll: PollMemory, option: number, before: number | null): PollMemory => ({
  ...poll,
  counts: poll.counts.map((count, at) => count + (at === option ? 1 : 0) - (at === before ? 1 : 0)),
});

export const NO_SUCH_POLL: RoomRefusal = {
  code: 'not_found',
  detail: 'There is no such poll in this room any more. Look at the tally for the newest one.',
};
export const POLL_IS_OPEN: RoomRefusal = {
  code: 'conflict',
  detail: 'A poll is open in this room, and there is one at a time. End it first.',
};
export const POLL_IS_OVER: RoomRefusal = { code: 'conflict', detail: 'The poll is over. Its result stands.' };
export const NO_SUCH_OPTION: RoomRefusal = {
  code: 'conflict',
  detail: 'The poll has no such option. Count them from 0.',
};
export const NO_POLL_AFTER_THE_END: RoomRefusal = {
  code: 'conflict',
  detail: 'The stream has ended, and nobody is there to vote. Ask on the next one.',
};
