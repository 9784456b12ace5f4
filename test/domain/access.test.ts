import { describe, expect, it } from 'vitest';
import * as access from '../../src/domain/access.ts';
import { UserId } from '../../src/protocol/ids.ts';

const owner = { id: UserId.parse('us_owner'), platformRole: 'viewer' } as const;
const stranger = { id: UserId.parse('us_other'), platformRole: 'viewer' } as const;
const moderator = { id: UserId.parse('us_moder'), platformRole: 'moderator' } as const;
const admin = { id: UserId.parse('us_admin'), platformRole: 'admin' } as const;
const owned = { ownerId: owner.id };

describe('who may do what', () => {
  it.each([
    ['manage a stream', access.mayManageStream, true, false, false, true],
    ['broadcast on a channel', access.mayBroadcastOn, true, false, false, false],
    ['take a new stream key', access.mayTakeStreamKey, true, false, false, false],
    ['revoke a stream key', access.mayRevokeStreamKey, true, false, false, true],
    ['see the details of a channel', access.maySeeChannelDetails, true, false, false, true],
  ])('%s: owner, stranger, moderator, admin', (_what, may, ...expected) => {
    expect([owner, stranger, moderator, admin].map((actor) => may(actor, owned))).toEqual(expected);
  });
});
