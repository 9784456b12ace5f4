import { describe, expect, it } from 'vitest';
import type { WatchState } from '../../../src/protocol/live.ts';
import { type PhaseFacts, watchPhase } from '../../../src/web/player/watch-phase.ts';

const nowMs = Date.parse('2026-11-22T20:00:00Z');
const watch = (state: string | null, scheduledAt: string | null = null) =>
  ({ stream: state === null ? null : { state, scheduledAt } }) as unknown as WatchState;
const facts = (given: Partial<PhaseFacts>): PhaseFacts => ({
  watch: watch('live'),
  isMissing: false,
  hasPicture: true,
  isMoving: true,
  nowMs,
  entry: { kind: 'open' },
  isSignedIn: false,
  ...given,
});

describe('a watch page', () => {
  it('opens, and shows the picture even before the first answer about the stream', () => {
    expect(watchPhase(facts({ watch: null, hasPicture: false })).kind).toBe('loading');
    expect(watchPhase(facts({ watch: null })).kind).toBe('live');
  });

  it('says when the link leads nowhere, once it has knocked there', () => {
    const nowhere = facts({ watch: null, isMissing: true });
    expect(watchPhase(nowhere).kind).toBe('loading');
    expect(watchPhase({ ...nowhere, entry: { kind: 'asking' } }).kind).toBe('loading');
    expect(watchPhase({ ...nowhere, entry: { kind: 'refused' } })).toEqual({ kind: 'missing', isSignedIn: false });
    expect(watchPhase({ ...nowhere, entry: { kind: 'in' } }).kind).toBe('loading');
  });

  it('asks for the password of a locked stream before anything else', () => {
    for (const problem of [null, 'wrong', 'too_often'] as const) {
      const locked = facts({ hasPicture: false, isMoving: false, entry: { kind: 'password', problem } });
      expect(watchPhase(locked)).toEqual({ kind: 'password', problem });
    }
    expect(watchPhase(facts({ entry: { kind: 'in' } })).kind).toBe('live');
  });

  it('is off air while the channel has no stream', () => {
    expect(watchPhase(facts({ watch: watch(null), hasPicture: false })).kind).toBe('offline');
  });

  it('counts down to the announced time, then waits', () => {
    const before = facts({ watch: watch('waiting', '2026-11-22T20:01:00Z'), hasPicture: false });
    expect(watchPhase(before)).toEqual({ kind: 'scheduled', startsInMs: 60_000 });
    expect(watchPhase({ ...before, nowMs: nowMs + 61_000 }).kind).toBe('waiting');
  });

  it('is starting from the first media to the first picture', () => {
    expect(watchPhase(facts({ hasPicture: false, isMoving: false })).kind).toBe('starting');
    expect(watchPhase(facts({})).kind).toBe('live');
  });

  it('plays out what is buffered before it says that the stream is interrupted', () => {
    expect(watchPhase(facts({ watch: watch('interrupted') })).kind).toBe('live');
    expect(watchPhase(facts({ watch: watch('interrupted'), isMoving: false })).kind).toBe('interrupted');
  });

  it('admits that a live stream stands still', () => {
    expect(watchPhase(facts({ isMoving: false })).kind).toBe('interrupted');
  });

  it('plays to the end of a stream that has ended, and calls that live no more', () => {
    expect(watchPhase(facts({ watch: watch('ended') })).kind).toBe('playing_out');
    expect(watchPhase(facts({ watch: watch('ended'), isMoving: false })).kind).toBe('ended');
  });
});
