import { describe, expect, it } from 'vitest';
import { tickMs } from '../../../src/domain/chat/audience.ts';
import { Conduct } from '../../../src/domain/chat/conduct.ts';
import { NO_PULSE, Pulse, type PulseInput, type PulseOutput } from '../../../src/domain/chat/pulse.ts';
import { TAPS_PER_FRAME_MAX, TAPS_PER_SECOND } from '../../../src/protocol/chat/reaction-words.ts';
import { ReactionCounts } from '../../../src/protocol/chat/reactions.ts';
import { PollId, StreamId, UserId } from '../../../src/protocol/ids.ts';

const NOW = 1_795_521_600_000;
const TICK_MS = tickMs(100);
const streamId = StreamId.parse('st_abcd');
const pollId = PollId.parse('pl_abcd');
const fresh = () => new Pulse(NO_PULSE, { streamId, hasEnded: false, nowMs: 0 });
const hearts = (count: number, mediaTimeMs?: number): PulseInput => ({
  type: 'react',
  counts: { heart: count },
  mediaTimeMs,
});
const voter = (number: number) => UserId.parse(`us_voter${number}`);
const question = { id: pollId, question: 'Red or blue?', options: ['Red', 'Blue'], mediaTimeMs: 77 };
const openPoll: PulseInput = { type: 'open_poll', poll: question, seconds: 30 };
const told = (outputs: PulseOutput[]) => outputs.flatMap((output) => (output.type === 'tell' ? [output] : []));
const actions = (outputs: PulseOutput[]) =>
  outputs.flatMap((output) => (output.type === 'trace' ? [output.trace.action] : []));
const codes = (outputs: PulseOutput[]) =>
  outputs.flatMap((output) => (output.type === 'refuse' ? [output.refusal.code] : []));

/** A poll with the ballots that its keeper keeps. */
function polled() {
  const pulse = fresh();
  const ballots = new Map<string, number>();
  const traces: string[] = [];
  const receive = (input: PulseInput, nowMs: number) => {
    const outputs = pulse.receive(input, nowMs, TICK_MS);
    for (const output of outputs) {
      if (output.type === 'keepBallot') ballots.set(output.userId, output.option);
      if (output.type === 'dropBallots') ballots.clear();
    }
    traces.push(...actions(outputs));
    return outputs;
  };
  const vote = (number: number, option: number, nowMs = NOW + 1) => {
    const userId = voter(number);
    return receive({ type: 'vote', userId, pollId, option, before: ballots.get(userId) ?? null }, nowMs);
  };
  receive(openPoll, NOW);
  return { pulse, ballots, traces, receive, vote };
}

describe('reactions', () => {
  it('of a million taps a minute are all counted, and nobody is told more than once in a tick', () => {
    const pulse = fresh();
    const frames = 1_000_000 / TAPS_PER_FRAME_MAX;
    const outputs: PulseOutput[] = [];
    for (let frame = 0; frame < frames; frame += 1)
      outputs.push(...pulse.receive(hearts(TAPS_PER_FRAME_MAX), NOW + Math.floor((frame * 60_000) / frames), TICK_MS));
    outputs.push(...pulse.receive({ type: 'time_passed' }, NOW + 60_000, TICK_MS));
    // A tally is stored and sent in one: nothing else comes of a tap.
    expect(outputs.every(({ type }) => type === 'tell')).toBe(true);
    expect(outputs.length).toBeLessThanOrEqual(60_000 / TICK_MS + 1);
    expect(told(outputs).at(-1)?.tally.reactions.heart).toBe(1_000_000);
  });

  it('are told within a tick, and nothing is told while nothing changes', () => {
    const pulse = fresh();
    expect(told(pulse.receive(hearts(1), NOW, TICK_MS))).toHaveLength(1);
    expect(told(pulse.receive(hearts(2, 55), NOW + 10, TICK_MS))).toHaveLength(0);
    expect(pulse.nextLookMs(TICK_MS)).toBe(NOW + TICK_MS);
    const [tally] = told(pulse.receive({ type: 'time_passed' }, NOW + TICK_MS, TICK_MS));
    expect(tally).toMatchObject({ tally: { reactions: { heart: 3 } }, mediaTimeMs: 55 });
    expect(pulse.nextLookMs(TICK_MS)).toBeNull();
    expect(pulse.receive({ type: 'time_passed' }, NOW + 9000, TICK_MS)).toEqual([]);
  });

  it('go on from what was stored', () => {
    const pulse = fresh();
    pulse.receive(hearts(5), NOW, TICK_MS);
    const again = new Pulse(structuredClone(pulse.memory), { streamId, hasEnded: false, nowMs: NOW });
    expect(again.tally.reactions.heart).toBe(5);
  });

  it('are of a closed set and bounded, in a frame and of a socket', () => {
    expect(ReactionCounts.safeParse({ heart: TAPS_PER_FRAME_MAX }).success).toBe(true);
    for (const counts of [{}, { heart: 0 }, { heart: 15, fire: 6 }, { heart: -1 }, { thumb: 1 }, { heart: 1.5 }])
      expect(ReactionCounts.safeParse(counts).success, JSON.stringify(counts)).toBe(false);
    const [somebody, nobody] = [new Conduct(NOW), new Conduct(NOW)];
    const taps = (conduct: Conduct, isNobody: boolean) => {
      let count = 0;
      for (let nowMs = NOW; nowMs < NOW + 10_000; nowMs += 50) if (conduct.mayTap(5, isNobody, nowMs)) count += 5;
      return count;
    };
    expect(taps(somebody, false)).toBeLessThanOrEqual(13 * TAPS_PER_SECOND);
    expect(taps(nobody, true)).toBeLessThanOrEqual(120);
  });

  it('are told less often in a bigger room, and never later than a second', () => {
    expect([10, 1999, 2000, 4999, 5000, 1_000_000].map(tickMs)).toEqual([250, 250, 500, 500, 1000, 1000]);
  });
});

describe('a poll', () => {
  it('has one vote of each account, which may be changed until the end', () => {
    const { pulse, vote, traces } = polled();
    vote(1, 0);
    vote(2, 0);
    vote(1, 1);
    vote(1, 1);
    expect(pulse.tally.poll).toMatchObject({
      votes: 2,
      options: [
        { text: 'Red', votes: 1 },
        { text: 'Blue', votes: 1 },
      ],
      mediaTimeMs: 77,
    });
    expect(traces).toEqual(['poll.opened', 'poll.voted', 'poll.voted']);
  });

  it('comes to what the log counts, and says to nobody who voted what', () => {
    const { pulse, vote, receive, traces, ballots } = polled();
    const seen = JSON.stringify(
      Array.from({ length: 40 }, (_, number) =>
        vote(number, number % 2).map((one) => one.type === 'trace' && one.trace),
      ),
    );
    for (let number = 0; number < 10; number += 1) vote(number, 0);
    const outputs = receive({ type: 'time_passed' }, NOW + 30_000);
    const { votes, options, state } = pulse.tally.poll!;
    expect(state).toBe('ended');
    expect(traces.filter((action) => action === 'poll.voted')).toHaveLength(votes);
    expect(options.reduce((sum, option) => sum + option.votes, 0)).toBe(votes);
    const ended = outputs.find((one) => one.type === 'trace')!;
    expect(ended).toMatchObject({ trace: { action: 'poll.ended', after: { votes: 40, counts: ['25', '15'] } } });
    expect(seen).not.toContain('option');
    expect(ballots.size).toBe(0);
  });

  it('closes by itself, and takes no vote after that', () => {
    const { pulse, vote } = polled();
    expect(pulse.nextLookMs(TICK_MS)).toBeLessThanOrEqual(NOW + 30_000);
    expect(codes(vote(1, 0, NOW + 30_000))).toEqual(['conflict']);
  });

  it('is the only one, until it is ended or taken away', () => {
    const { pulse, receive } = polled();
    expect(codes(receive(openPoll, NOW + 5))).toEqual(['conflict']);
    expect(actions(receive({ type: 'end_poll', pollId }, NOW + 6))).toEqual(['poll.ended']);
    expect(receive({ type: 'end_poll', pollId }, NOW + 7).filter(({ type }) => type !== 'tell')).toEqual([]);
    expect(codes(receive(openPoll, NOW + 8))).toEqual([]);
    expect(actions(receive({ type: 'cancel_poll', pollId }, NOW + 9))).toEqual(['poll.cancelled']);
    expect(pulse.tally.poll).toBeNull();
    expect(codes(receive({ type: 'cancel_poll', pollId }, NOW + 10))).toEqual(['not_found']);
  });

  it('refuses a vote in another poll, and for what it does not offer', () => {
    const { vote, receive } = polled();
    expect(codes(vote(1, 2))).toEqual(['conflict']);
    const other = PollId.parse('pl_other');
    const outputs = receive({ type: 'vote', userId: voter(1), pollId: other, option: 0, before: null }, NOW + 1);
    expect(codes(outputs)).toEqual(['not_found']);
  });

  it('ends with the stream, and none is asked after it', () => {
    const { pulse, receive } = polled();
    expect(actions(receive({ type: 'stream_ended' }, NOW + 5))).toEqual(['poll.ended']);
    expect(pulse.tally.poll?.state).toBe('ended');
    expect(codes(receive(openPoll, NOW + 6))).toEqual(['conflict']);
  });
});

describe('viewers', () => {
  const beats = (...numbers: number[]): PulseInput => ({
    type: 'beats',
    beats: numbers.map((number) => ({ viewer: `tag${number}`, isLeaving: false })),
  });

  it('are counted while they are heard of, and missed soon after they are not', () => {
    const pulse = fresh();
    expect(told(pulse.receive(beats(1, 2, 1), NOW, TICK_MS))[0]?.tally.viewers).toBe(2);
    expect(pulse.nextLookMs(TICK_MS)).toBe(NOW + 5000);
    expect(told(pulse.receive({ type: 'time_passed' }, NOW + 36_000, TICK_MS))[0]?.tally.viewers).toBe(0);
    expect(pulse.nextLookMs(TICK_MS)).toBeNull();
  });

  it('of a steady room are not fewer after its memory was lost, until everybody had the time of a heartbeat', () => {
    const everybody = Array.from({ length: 30 }, (_, number) => number);
    let pulse = fresh();
    /** Each says so every 30 s, at a second of its own; one of them only until the memory is lost. */
    const second = (nowMs: number, isAfter = false) => {
      const due = everybody.filter((number) => (nowMs / 1000) % 30 === number && !(isAfter && number === 7));
      const outputs = pulse.receive(due.length > 0 ? beats(...due) : { type: 'time_passed' }, nowMs, TICK_MS);
      return outputs.some(({ type }) => type === 'tell' || type === 'remember') ? structuredClone(pulse.memory) : null;
    };
    const begunMs = Math.ceil(NOW / 30_000) * 30_000;
    let stored = pulse.memory;
    let writes = 0;
    for (let nowMs = begunMs; nowMs < begunMs + 600_000; nowMs += 1000) {
      const written = second(nowMs);
      if (written && nowMs > begunMs + 60_000) writes += 1;
      stored = written ?? stored;
    }
    expect(pulse.tally.viewers).toBe(30);
    expect(writes).toBeLessThanOrEqual(540 / 5);
    const lostMs = begunMs + 600_000;
    pulse = new Pulse(stored, { streamId, hasEnded: false, nowMs: lostMs + 3000 });
    for (let nowMs = lostMs + 3000; nowMs < lostMs + 39_000; nowMs += 1000) {
      second(nowMs, true);
      expect(pulse.tally.viewers, `${nowMs - lostMs} ms later`).toBe(30);
    }
    for (let nowMs = lostMs + 39_000; nowMs < lostMs + 45_000; nowMs += 1000) second(nowMs, true);
    expect(pulse.tally.viewers).toBe(29);
  });

  it('of long ago are not counted on when a room wakes up', () => {
    const pulse = fresh();
    pulse.receive(beats(1, 2), NOW, TICK_MS);
    const later = new Pulse(structuredClone(pulse.memory), { streamId, hasEnded: false, nowMs: NOW + 60_000 });
    later.receive({ type: 'time_passed' }, NOW + 60_000, TICK_MS);
    expect(later.tally.viewers).toBe(0);
  });

  it('are none once the stream has ended, whoever says that they watch', () => {
    const pulse = fresh();
    pulse.receive(beats(1), NOW, TICK_MS);
    pulse.receive({ type: 'stream_ended' }, NOW + 1000, TICK_MS);
    pulse.receive(beats(2), NOW + 2000, TICK_MS);
    expect(pulse.tally.viewers).toBe(0);
  });
});
