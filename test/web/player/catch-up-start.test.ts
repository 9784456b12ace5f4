// What the start-up took is given back at once, as long as nobody has watched yet.
import { expect, it } from 'vitest';
import { type CatchUpState, decideCatchUp, startCatchUp } from '../../../src/web/player/catch-up.ts';

const BEHIND = { bufferedAheadSeconds: 1.6, latencySeconds: 1.8, targetSeconds: 1, isPlaying: true };

it('a join that begins too far behind jumps to its target inside the buffer', () => {
  expect(decideCatchUp(startCatchUp(), { ...BEHIND, nowMs: 1000 }).skipSeconds).toBeCloseTo(0.8);
});

it('a join does not jump to where nothing is buffered', () => {
  const thin = { ...BEHIND, bufferedAheadSeconds: 1, nowMs: 1000 };
  expect(decideCatchUp(startCatchUp(), thin).skipSeconds).toBeNull();
});

it('whoever has watched for a while is caught up by the rate, not by a jump', () => {
  const watching: CatchUpState = { ...startCatchUp(), joinedAtMs: 1000 };
  const decision = decideCatchUp(watching, { ...BEHIND, nowMs: 3000 });
  expect(decision.skipSeconds).toBeNull();
  expect(decision.rate).toBeGreaterThan(1);
});
