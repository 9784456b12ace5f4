import { describe, expect, it } from 'vitest';
import { isGated, isPassGood, type Offering, policyOf } from '../../src/domain/visibility.ts';
import { Visibility } from '../../src/protocol/api.ts';

describe('the policy of visibility', () => {
  const offerings: Offering[] = ['details', 'media', 'poster', 'chat', 'recording'];
  it.each([
    ['public', [], true],
    ['unlisted', [], false],
    ['password', ['media', 'poster', 'chat', 'recording'], false],
    ['private', offerings, false],
  ] as const)('%s keeps from outsiders: %s', (visibility, gated, isListed) => {
    expect(offerings.filter((offering) => isGated(visibility, offering))).toEqual(gated);
    expect(policyOf(visibility).isListed).toBe(isListed);
  });

  it('has an answer for every visibility', () => {
    for (const visibility of Visibility.options) expect(policyOf(visibility)).toBeDefined();
  });
});

describe('a viewing pass', () => {
  const stream = { id: 'st_aaaa', gateAtMs: 1000 };
  const pass = { streamId: 'st_aaaa', gateAtMs: 1000, expiresAtMs: 5000 };

  it.each([
    ['is good for its stream until it expires', pass, 4999, true],
    ['is void when it has expired', pass, 5000, false],
    ['is void for another stream', { ...pass, streamId: 'st_bbbb' }, 4000, false],
    ['is void once the gate has changed', { ...pass, gateAtMs: 999 }, 4000, false],
    ['is good where the change of the gate is not known yet', { ...pass, gateAtMs: 1001 }, 4000, true],
  ])('%s', (_what, given, nowMs, isGood) => {
    expect(isPassGood(given, stream, nowMs)).toBe(isGood);
  });
});
