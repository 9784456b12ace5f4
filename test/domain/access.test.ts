import { describe, expect, it } from 'vitest';
import {
  ACCESS,
  type Action,
  hangsOnChannelRole,
  isAllowed,
  ROLES,
  type Role,
  rolesAt,
} from '../../src/domain/access.ts';
import { mayActOn, mayGive, rankOf } from '../../src/domain/rank.ts';
import { PlatformRole } from '../../src/protocol/claims.ts';
import { UserId } from '../../src/protocol/ids.ts';
import { ChannelRole } from '../../src/protocol/people.ts';
import { randomFrom } from '../support/random.ts';

const ada = UserId.parse('us_ada0');
const ben = UserId.parse('us_ben0');

describe('who may do what', () => {
  it('is somebody by all that they are on the channel', () => {
    const place = { ownerId: ada };
    expect(rolesAt({ id: ada, platformRole: 'viewer' }, place, null)).toEqual(['viewer', 'owner']);
    expect(rolesAt({ id: ben, platformRole: 'viewer' }, place, 'vip')).toEqual(['viewer', 'vip']);
    expect(rolesAt({ id: ben, platformRole: 'moderator' }, place, 'moderator')).toEqual([
      'viewer',
      'channel_moderator',
      'moderator',
    ]);
    expect(rolesAt({ id: ada, platformRole: 'admin' }, null, null)).toEqual(['viewer', 'admin']);
  });

  it('never lets a viewer do on a channel what belongs to its keepers', () => {
    const open: Action[] = ['channel.open', 'channel.follow', 'stream.upvote'];
    for (const action of Object.keys(ACCESS) as Action[]) {
      if (!/^(channel|stream)\./.test(action)) continue;
      expect(isAllowed(action, ['viewer']), action).toBe(open.includes(action));
    }
  });

  it('looks up a role on the channel exactly where one can decide', () => {
    for (const action of Object.keys(ACCESS) as Action[]) {
      const decides = (['vip', 'channel_moderator'] as const).some((role) => isAllowed(action, [role]));
      expect(hangsOnChannelRole(action), action).toBe(decides);
    }
  });
});

describe('rank', () => {
  const seed = 20261124;
  const random = randomFrom(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const somebody = (): Role[] =>
    rolesAt(
      { id: pick([ada, ben]), platformRole: pick(PlatformRole.options) },
      pick([null, { ownerId: ada }, { ownerId: ben }]),
      pick([null, ...ChannelRole.options]),
    );

  it(`lets nobody act on an equal or a higher role (seed ${seed})`, () => {
    for (let round = 0; round < 20_000; round++) {
      const [actor, target] = [somebody(), somebody()];
      const highest = (roles: Role[]) => ROLES.findLastIndex((role) => roles.includes(role));
      if (highest(target) >= highest(actor)) expect(mayActOn(actor, target), `${actor} on ${target}`).toBe(false);
      expect(mayActOn(actor, actor)).toBe(false);
      expect(mayActOn(actor, target) && mayActOn(target, actor), `${actor} and ${target}`).toBe(false);
    }
  });

  it(`lets nobody lift anybody above themselves, by however many steps (seed ${seed})`, () => {
    for (let run = 0; run < 2000; run++) {
      const people = Array.from({ length: 4 }, somebody);
      const highest = Math.max(...people.map(rankOf));
      for (let step = 0; step < 20; step++) {
        const [actor, at] = [pick(people), Math.floor(random() * people.length)];
        const role = pick(ROLES);
        if (!mayActOn(actor, people[at]!) || !mayGive(actor, role)) continue;
        people[at] = ['viewer', role];
        expect(rankOf(people[at]!)).toBeLessThanOrEqual(rankOf(actor));
        expect(Math.max(...people.map(rankOf))).toBe(highest);
      }
    }
  });

  it('gives only roles below, except that an administrator may make another', () => {
    expect(mayGive(['viewer', 'owner'], 'channel_moderator')).toBe(true);
    expect(mayGive(['viewer', 'channel_moderator'], 'channel_moderator')).toBe(false);
    expect(mayGive(['viewer', 'channel_moderator'], 'vip')).toBe(true);
    expect(mayGive(['viewer', 'moderator'], 'moderator')).toBe(false);
    expect(mayGive(['viewer', 'admin'], 'admin')).toBe(true);
    expect(mayActOn(['viewer', 'admin'], ['viewer', 'admin'])).toBe(false);
  });
});
