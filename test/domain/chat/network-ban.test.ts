import { describe, expect, it } from 'vitest';
import { type NearBan, OLDER_BY_DAYS, restraintByNetwork } from '../../../src/domain/chat/network-ban.ts';
import type { Restraint, ToldRestraint } from '../../../src/domain/chat/restraint.ts';
import { UserId } from '../../../src/protocol/ids.ts';

const NOW = 1_795_521_600_000;
const DAY_MS = 24 * 3_600_000;
const BANNED = UserId.parse('us_banned');
const ban = (over: Partial<Restraint> = {}): Restraint => ({
  effect: 'refuse',
  atMs: NOW - DAY_MS,
  untilMs: null,
  reach: 'network',
  ...over,
});
const near = (over: Partial<Restraint> = {}, scope: NearBan['scope'] = 'channel'): NearBan => ({
  userId: BANNED,
  scope,
  restraint: ban(over),
});
const NEW = { roles: ['viewer'] as const, createdAtMs: NOW - 1000 };
const asked = (bans: NearBan[], { told = [] as ToldRestraint[], who = NEW as typeof NEW | object } = {}) =>
  restraintByNetwork({ ...NEW, ...who }, { near: bans, toldOf: () => told }, NOW);

describe('a ban that reaches a network', () => {
  it('reaches a new account that comes by it', () => {
    expect(asked([near()])).toMatchObject({ effect: 'refuse' });
    expect(asked([])).toBeNull();
    expect(asked([near({ reach: 'person' })])).toBeNull();
  });

  it('does not touch who has a role there, nor an account that is older than the ban by the margin', () => {
    for (const role of ['vip', 'channel_moderator', 'owner'])
      expect(asked([near()], { who: { roles: ['viewer', role] } })).toBeNull();
    const margin = NOW - DAY_MS - OLDER_BY_DAYS * DAY_MS;
    expect(asked([near()], { who: { createdAtMs: margin } })).toBeNull();
    expect(asked([near()], { who: { createdAtMs: margin + 1 } })).not.toBeNull();
  });

  it('ends with the ban: with its time, when it is lifted, and when another without the network takes its place', () => {
    expect(asked([near({ untilMs: NOW })])).toBeNull();
    const told = (restraint: Restraint | null, atMs: number): ToldRestraint[] => [
      { scope: 'channel', atMs, restraint },
    ];
    expect(asked([near()], { told: told(null, NOW - 500) })).toBeNull();
    expect(asked([near()], { told: told(ban({ reach: 'person', atMs: NOW }), NOW) })).toBeNull();
    expect(asked([near()], { told: told(null, NOW - 2 * DAY_MS) }), 'an older word').not.toBeNull();
    expect(asked([near({}, 'platform')], { told: told(null, NOW) }), 'of another list').not.toBeNull();
  });

  it('is silent only where every ban near is', () => {
    expect(asked([near({ effect: 'hold' })])).toMatchObject({ effect: 'hold' });
    expect(asked([near({ effect: 'hold' }), near({}, 'platform')])).toMatchObject({ effect: 'refuse' });
  });
});
