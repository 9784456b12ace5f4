import { describe, expect, it } from 'vitest';
import { refusedAppeal } from '../../src/domain/appeals.ts';
import { APPEAL_AGAIN_DAYS } from '../../src/protocol/appeals.ts';

const NOW = 1_795_521_600_000;
const DAY_MS = 24 * 3_600_000;
const ban = { bannedAtMs: NOW - 10 * DAY_MS };
const upheld = (over: object = {}) => ({ state: 'upheld' as const, closedAtMs: NOW - DAY_MS, ...ban, ...over });

describe('an appeal', () => {
  it('is open to who is banned and has none', () => {
    expect(refusedAppeal(ban, null, NOW)).toBeNull();
    expect(refusedAppeal(null, null, NOW)).toMatchObject({ code: 'not_found' });
    expect(refusedAppeal(ban, { state: 'open', closedAtMs: null, ...ban }, NOW)).toMatchObject({ code: 'conflict' });
  });

  it('waits after an answer about the same ban, and says how long', () => {
    const refusal = refusedAppeal(ban, upheld(), NOW);
    const retryAfterSeconds = (APPEAL_AGAIN_DAYS - 1) * 24 * 3600;
    expect(refusal).toMatchObject({ code: 'appeal_too_soon', retryAfterSeconds });
    expect(refusal?.detail).toContain('29 days');
    expect(refusedAppeal(ban, upheld({ closedAtMs: NOW - APPEAL_AGAIN_DAYS * DAY_MS }), NOW)).toBeNull();
  });

  it('may follow at once when nobody answered, or when the ban is another', () => {
    expect(refusedAppeal(ban, upheld({ state: 'lapsed' }), NOW)).toBeNull();
    expect(refusedAppeal({ bannedAtMs: NOW }, upheld(), NOW)).toBeNull();
  });
});
