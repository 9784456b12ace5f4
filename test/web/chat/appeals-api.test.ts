// Where somebody who is banned asks for another look, and how what they asked stands.
import { describe, expect, it } from 'vitest';
import { type Appeal, appealsPath } from '../../../src/protocol/appeals.ts';
import { AppealId, ChannelId, UserId } from '../../../src/protocol/ids.ts';
import { channelOf, standOf } from '../../../src/web/chat/appeals-api.ts';

const AT = '2026-06-01T20:00:00.000Z';
const AT_MS = Date.parse(AT);
const LATER = '2026-07-01T20:00:00.000Z';
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
    const stand = standOf(
      { appeals: [appeal({}), appeal({ state: 'upheld' })], mayAsk: false, mayAskFrom: null },
      AT_MS,
    );
    expect(stand).toEqual({ kind: 'waiting', askedAt: AT });
  });

  it('that was not granted is not offered again before its time, and is from then on', () => {
    const answered = appeal({ state: 'upheld', reason: 'Twice in a week', mayAskAgainAt: LATER });
    const mine = { appeals: [answered, appeal({})], mayAsk: false, mayAskFrom: LATER };
    const then = { ...mine, mayAsk: true, mayAskFrom: null };
    const upheld = { kind: 'upheld', reason: 'Twice in a week' };
    expect(standOf(mine, AT_MS)).toEqual({ ...upheld, mayAsk: false, mayAskFrom: LATER });
    expect(standOf(then, Date.parse(LATER))).toEqual({ ...upheld, mayAsk: true, mayAskFrom: null });
  });

  it('may be made at once where the last was about another ban, where none was, and where nobody answered', () => {
    const upheld = appeal({ state: 'upheld', reason: 'No', mayAskAgainAt: LATER });
    for (const past of [
      [],
      [upheld],
      [appeal({ state: 'lifted', reason: 'So it was' })],
      [appeal({ state: 'lapsed' })],
    ])
      expect(standOf({ appeals: past, mayAsk: true, mayAskFrom: null }, AT_MS)).toEqual({ kind: 'none', mayAsk: true });
  });

  it('is not offered where there is nothing to appeal', () => {
    expect(standOf({ appeals: [], mayAsk: false, mayAskFrom: null }, AT_MS)).toEqual({ kind: 'none', mayAsk: false });
  });
});
