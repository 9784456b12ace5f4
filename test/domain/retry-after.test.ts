import { describe, expect, it } from 'vitest';
import { readRetryAfter } from '../../src/domain/retry-after.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12, 0, 0);

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['Tue, 24 Nov 2026 12:10:00 GMT', 600],
    ['Tuesday, 24-Nov-26 12:00:30 GMT', 30],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ])('%j is %i seconds', (header, seconds) => {
    expect(readRetryAfter(header, NOW_MS)).toBe(seconds);
  });

  it.each([null, '', 'soon', '-5', '1.5', '2026-11-24', 'Tue, 99 Nov 2026 12:10:00 GMT', '99999999999'])(
    '%j says nothing',
    (header) => {
      expect(readRetryAfter(header, NOW_MS)).toBeNull();
    },
  );
});
