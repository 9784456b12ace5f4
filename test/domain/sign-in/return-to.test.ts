import { describe, expect, it } from 'vitest';
import { readReturnTo } from '../../../src/domain/sign-in/return-to.ts';

describe('where somebody goes after signing in', () => {
  it.each([
    ['/', '/'],
    ['/studio', '/studio'],
    ['/watch/ch_abcd?t=10#chat', '/watch/ch_abcd?t=10#chat'],
    ['/a/../studio', '/studio'],
    ['/?next=https://evil.example', '/?next=https://evil.example'],
    [`/consent?request=${'x'.repeat(4000)}`, `/consent?request=${'x'.repeat(4000)}`],
  ])('may be %s', (asked, path) => {
    expect(readReturnTo(asked)).toBe(path);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    'javascript:alert(1)',
    'studio',
    ' /studio',
    '',
    `/${'a'.repeat(8000)}`,
  ])('is never %j', (asked) => {
    expect(readReturnTo(asked)).toBeNull();
  });
});
