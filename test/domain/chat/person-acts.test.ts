import { describe, expect, it } from 'vitest';
import { actOf } from '../../../src/domain/chat/acts.ts';
import { suspicionsAbout } from '../../../src/domain/chat/suspicion.ts';
import type { AuditEntry } from '../../../src/protocol/audit.ts';

const entry = (over: Partial<AuditEntry>): AuditEntry => ({
  id: 'au_aaaa' as never,
  atMs: 5,
  actor: { kind: 'user', id: 'us_mod0', appId: null },
  action: 'message.sent',
  target: { type: 'message', id: 'ms_aaaa' },
  before: null,
  after: { streamId: 'st_aaaa' },
  reason: null,
  requestId: null,
  network: null,
  ...over,
});

describe('an act about somebody', () => {
  it('is made of what judges and moderators do about a line, with who decided and why', () => {
    const after = { streamId: 'st_aaaa', authorId: 'us_ben0', heldFor: 'links', score: 0.5 };
    expect(actOf(entry({ action: 'message.denied', after, reason: 'An advertisement' }))).toEqual({
      id: 'au_aaaa',
      userId: 'us_ben0',
      streamId: 'st_aaaa',
      channelId: null,
      action: 'message.denied',
      atMs: 5,
      byId: 'us_mod0',
      reason: 'An advertisement',
      messageId: 'ms_aaaa',
      untilMs: null,
    });
    // Who sends a line does not hold it.
    expect(
      actOf(entry({ action: 'message.held', after, actor: { kind: 'user', id: 'us_ben0', appId: null } })),
    ).toMatchObject({
      byId: null,
      reason: 'links',
    });
  });

  it('is a removal by a moderator, of one message or of all at once, and none by oneself', () => {
    const by = (who: string) => ({ streamId: 'st_aaaa', by: who });
    expect(actOf(entry({ action: 'message.removed', after: by('moderator') }))).toMatchObject({
      userId: null,
      messageId: 'ms_aaaa',
    });
    const all = { action: 'message.removed' as const, target: { type: 'user', id: 'us_ben0' }, after: by('moderator') };
    expect(actOf(entry(all))).toMatchObject({ userId: 'us_ben0', messageId: null });
    expect(actOf(entry({ action: 'message.removed', after: by('author') }))).toBeNull();
  });

  it('is nothing that somebody does without it being about anybody', () => {
    expect(actOf(entry({}))).toBeNull();
    expect(actOf(entry({ action: 'room.changed', target: { type: 'stream', id: 'st_aaaa' }, after: {} }))).toBeNull();
    expect(actOf(entry({ action: 'message.held', after: { streamId: 'st_aaaa', authorId: null } }))).toBeNull();
  });
});

describe('what is suspicious', () => {
  const DAY_MS = 24 * 3_600_000;
  const calm = { accountAgeMs: 365 * DAY_MS, stoppedToday: 0, reporters: 0, isNearBan: false };
  const kinds = (over: object) => suspicionsAbout({ ...calm, ...over }).map(({ kind, words }) => [kind, words]);

  it('is nothing about somebody who has been here long and calmly', () => {
    expect(kinds({ stoppedToday: 2 })).toEqual([]);
  });

  it.each([
    [0, 'The account was made today'],
    [1.5, 'The account was made yesterday'],
    [6.9, 'The account was made 6 days ago'],
  ])('is an account of %s days', (days, words) => {
    expect(kinds({ accountAgeMs: days * DAY_MS })).toEqual([['new_account', words]]);
  });

  it('is who was stopped or reported, with how often', () => {
    expect(kinds({ stoppedToday: 3, reporters: 1 })).toEqual([
      ['often_stopped', '3 messages held or denied within 24 hours'],
      ['reported', 'Reported by one person'],
    ]);
  });
});
