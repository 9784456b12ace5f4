import { describe, expect, it } from 'vitest';
import { type Restraint, refusedByBan, restraintOf, type ToldRestraint } from '../../../src/domain/chat/restraint.ts';

const NOW = 1_795_521_600_000;
const ban = (over: Partial<Restraint> = {}): Restraint => ({
  effect: 'refuse',
  atMs: NOW - 1000,
  untilMs: null,
  ...over,
});
const told = (restraint: Restraint | null, atMs = NOW, scope: ToldRestraint['scope'] = 'channel'): ToldRestraint => ({
  scope,
  atMs,
  restraint,
});

describe('what stands against somebody', () => {
  it('is what was looked up, until the room is told something newer', () => {
    const known = { channel: ban(), platform: null };
    expect(restraintOf(undefined, [], NOW)).toBeNull();
    expect(restraintOf(known, [], NOW)).toEqual(ban());
    expect(restraintOf(known, [told(null)], NOW)).toBeNull();
    expect(restraintOf(known, [told(null, NOW - 2000)], NOW)).toEqual(ban());
    expect(restraintOf({ channel: null, platform: null }, [told(ban({ atMs: NOW }))], NOW)).toMatchObject({
      atMs: NOW,
    });
  });

  it('is over when its time is', () => {
    const known = { channel: ban({ untilMs: NOW + 1 }), platform: null };
    expect(restraintOf(known, [], NOW)).not.toBeNull();
    expect(restraintOf(known, [], NOW + 1)).toBeNull();
  });

  it('on the platform stands where the channel lifts its own, and the stronger of both counts', () => {
    const known = { channel: ban({ effect: 'hold' }), platform: ban({ untilMs: NOW + 60_000 }) };
    expect(restraintOf(known, [told(null)], NOW)).toEqual(known.platform);
    expect(restraintOf(known, [], NOW)).toEqual(known.platform);
    expect(restraintOf({ channel: ban(), platform: ban({ untilMs: NOW + 1 }) }, [], NOW)).toEqual(ban());
  });

  it('is told with the wait where there is one; who is only held back is told nothing', () => {
    expect(refusedByBan(ban(), NOW)).toMatchObject({ code: 'banned' });
    expect(refusedByBan(ban(), NOW)).not.toHaveProperty('retryAfterSeconds');
    expect(refusedByBan(ban({ untilMs: NOW + 90_000 }), NOW)).toMatchObject({ retryAfterSeconds: 90 });
    for (const nothing of [null, ban({ effect: 'hold' })]) expect(refusedByBan(nothing, NOW)).toBeNull();
  });
});
