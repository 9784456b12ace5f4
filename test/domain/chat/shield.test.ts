import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../src/domain/chat/moderation/findings.ts';
import { STANDARD } from '../../../src/domain/chat/moderation/judge.ts';
import { consequenceOf, STRICTNESS } from '../../../src/domain/chat/moderation/strictness.ts';
import { judgingUnder, type RaisedShield, settingsUnder } from '../../../src/domain/chat/shield.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/chat/settings.ts';
import { STANDARD_SHIELD } from '../../../src/protocol/shield.ts';
import { randomFrom } from '../../support/random.ts';

const NOW = 1_795_521_600_000;
const shield = (mode: Partial<RaisedShield['mode']> = {}): RaisedShield => ({
  mode: { ...STANDARD_SHIELD, ...mode },
  untilMs: NOW + 1000,
  by: 'moderator',
});

describe('a shield', () => {
  it('puts the saved set over a room that has nothing of the kind, and is nothing once its time is over', () => {
    expect(settingsUnder(DEFAULT_SETTINGS, shield(), NOW)).toMatchObject({
      slowSeconds: 10,
      followersOnlyMinutes: 10,
      minAccountAgeMinutes: 60,
      afterLive: 'closed',
    });
    expect(settingsUnder(DEFAULT_SETTINGS, shield(), NOW + 1000)).toBe(DEFAULT_SETTINGS);
    expect(settingsUnder(DEFAULT_SETTINGS, null, NOW)).toBe(DEFAULT_SETTINGS);
    expect(judgingUnder(STANDARD, shield(), NOW)).toMatchObject({
      strictness: 'strict',
      links: 'deny',
      holdNewcomers: true,
    });
    expect(judgingUnder(STANDARD, shield(), NOW + 1000)).toBe(STANDARD);
  });

  const seed = 31;
  it(`loosens nothing, whatever the room and the set are (seed ${seed})`, () => {
    const random = randomFrom(seed);
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
    const modes = () => ({
      slowSeconds: pick([0, 5, 600]),
      followersOnlyMinutes: pick([null, 0, 10]),
      subscribersOnly: pick([true, false]),
      emoteOnly: pick([true, false]),
      unique: pick([true, false]),
      minAccountAgeMinutes: pick([0, 60]),
    });
    const judging = () => ({ strictness: pick(STRICTNESS), links: pick([null, 'allow', 'hold', 'deny'] as const) });
    for (let round = 0; round < 3000; round++) {
      const own = { ...DEFAULT_SETTINGS, ...modes() };
      const up = shield({ ...modes(), ...judging(), holdNewcomers: pick([true, false]) });
      const under = settingsUnder(own, up, NOW);
      for (const one of [own, up.mode]) {
        expect(under.slowSeconds).toBeGreaterThanOrEqual(one.slowSeconds);
        expect(under.followersOnlyMinutes ?? -1).toBeGreaterThanOrEqual(one.followersOnlyMinutes ?? -1);
        expect(under.minAccountAgeMinutes).toBeGreaterThanOrEqual(one.minAccountAgeMinutes);
        for (const mode of ['subscribersOnly', 'emoteOnly', 'unique'] as const)
          expect(Number(under[mode])).toBeGreaterThanOrEqual(Number(one[mode]));
      }
      const rules = { ...STANDARD, ...judging() };
      const judged = judgingUnder(rules, up, NOW);
      const links = ({ links, strictness }: Pick<typeof judged, 'links' | 'strictness'>) =>
        ACTIONS.indexOf(links ?? consequenceOf('link', strictness).action);
      for (const one of [rules, up.mode]) {
        expect(STRICTNESS.indexOf(judged.strictness)).toBeGreaterThanOrEqual(STRICTNESS.indexOf(one.strictness));
        expect(links(judged)).toBeGreaterThanOrEqual(links(one));
      }
    }
  });
});
