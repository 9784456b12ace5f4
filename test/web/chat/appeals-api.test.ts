// Where somebody who is banned asks for another look, and how what they asked stands.
import { describe, expect, it } from 'vitest';
import { type Appeal, appealsPath } from '../../../src/protocol/appeals.ts';
import { AppealId, ChannelId, UserId } from '../../../src/protocol/ids.ts';
import { channelOf, standOf } from '../../../src/web/chat/appeals-api.ts';

const AT = '2026-06-01T20:00:00.000Z';
const appeal = (more: Partial<Appeal>): Appeal => ({
  id: AppealId.parse('al_aaaa'),
  user: { id: UserId.parse('us_aaaa'), handle: 'cleo', name: 'Cleo' },
  channelId: null,
  bannedAt: AT,
  text: 'It was a joke',
  state: 'open',
  askedAt: AT,
  lapsesAt: null,
  closedAt: null,
  reason: null,
  mayAskAgainAt: null,
  ...more,
});

describe('an appeal from the chat', () => {
  it('goes where the refusal says: to the channel, or to the platform', () => {
    expect(channelOf(appealsPath(ChannelId.parse('ch_abcd')))).toBe('ch_abcd');
    expect(channelOf(appealsPath(null))).toBeNull();
  });

  it('waits while it is open, and is not made twice', () => {
    expect(standOf([appeal({}), appeal({ state: 'upheld' })])).toEqual({ kind: 'waiting', askedAt: AT });
  });

  it('is answered with the reason, and from when one may ask again', () => {
    const answered = appeal({ state: 'upheld', reason: 'Twice in a week', mayAskAgainAt: AT });
    expect(standOf([answered, appeal({})])).toEqual({ kind: 'upheld', reason: 'Twice in a week', mayAskAgainAt: AT });
  });

  it('may be made where none was, where the last was about another ban, and where nobody answered', () => {
    for (const past of [[], [appeal({ state: 'lifted', reason: 'So it was' })], [appeal({ state: 'lapsed' })]])
      expect(standOf(past)).toEqual({ kind: 'none' });
  });
});
