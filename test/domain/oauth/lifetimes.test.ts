import { describe, expect, it } from 'vitest';
import { judgeRefresh, RETRY_GRACE_MS } from '../../../src/domain/oauth/lifetimes.ts';

const NOW_MS = 1_900_000_000_000;
const inForce = { expiresAtMs: NOW_MS + 1, rotatedAtMs: null, isSuccessorRotated: false };

describe('a refresh token', () => {
  it.each([
    ['in force is rotated', inForce, 'rotate'],
    ['that nobody used in time has expired', { ...inForce, expiresAtMs: NOW_MS }, 'expired'],
    ['that was just rotated is repeated', { ...inForce, rotatedAtMs: NOW_MS - RETRY_GRACE_MS }, 'repeat'],
    ['that was rotated longer ago is reused', { ...inForce, rotatedAtMs: NOW_MS - RETRY_GRACE_MS - 1 }, 'reuse'],
    [
      'whose successor was rotated is reused, however soon',
      { ...inForce, rotatedAtMs: NOW_MS, isSuccessorRotated: true },
      'reuse',
    ],
    ['that was rotated and has expired since is reused', { ...inForce, expiresAtMs: 0, rotatedAtMs: 1 }, 'reuse'],
  ] as const)('%s', (_what, token, verdict) => expect(judgeRefresh(token, NOW_MS)).toBe(verdict));
});
