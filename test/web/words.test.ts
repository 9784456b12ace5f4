import { describe, expect, it } from 'vitest';
import { matchRoute, receiptPath, signInPath } from '../../src/web/routes.ts';
import { bitrate, countdown, since } from '../../src/web/words.ts';

describe('addresses', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/watch/st_abcd2345', { name: 'watch', id: 'st_abcd2345' }],
    ['/watch/ch_abcd2345/', { name: 'watch', id: 'ch_abcd2345' }],
    ['/studio', { name: 'studio' }],
    ['/studio/ch_abcd2345', { name: 'channel', channelId: 'ch_abcd2345' }],
    ['/admin', { name: 'admin', section: 'audit' }],
    ['/admin/people', { name: 'admin', section: 'people' }],
    [receiptPath('er_abcd2345'), { name: 'receipt', id: 'er_abcd2345' }],
    ['/watch/us_abcd2345', { name: 'missing' }],
    ['/watch/st_../../api', { name: 'missing' }],
    ['/chat/st_abcd2345', { name: 'chat', id: 'st_abcd2345' }],
    ['/overlay/ch_abcd2345', { name: 'overlay', id: 'ch_abcd2345' }],
    ['/chat/us_abcd2345', { name: 'missing' }],
    ['/elsewhere', { name: 'missing' }],
  ])('%s names its page', (path, route) => {
    expect(matchRoute(path)).toEqual(route);
  });
});

describe('the way to sign in', () => {
  it('leads back to the page one was on, with what it was asked', () => {
    expect(signInPath({ pathname: '/watch/st_abcd2345', search: '?t=5' })).toBe(
      '/sign-in?returnTo=%2Fwatch%2Fst_abcd2345%3Ft%3D5',
    );
  });

  it('goes on leading there from the sign-in page itself', () => {
    const here = { pathname: '/sign-in', search: '?returnTo=%2Fstudio' };
    expect(signInPath(here)).toBe('/sign-in?returnTo=%2Fstudio');
  });
});

describe('words', () => {
  it('say for how long a stream has been live', () => {
    const nowMs = Date.parse('2026-11-22T20:00:00Z');
    expect(since('2026-11-22T19:59:40Z', nowMs)).toBe('just started');
    expect(since('2026-11-22T19:48:00Z', nowMs)).toBe('for 12 min');
    expect(since('2026-11-22T17:50:00Z', nowMs)).toBe('for 2 h 10 min');
    expect(since(null, nowMs)).toBe('');
  });

  it('count down to zero', () => {
    expect(countdown(59_001)).toBe('01:00');
    expect(countdown(3_725_000)).toBe('01:02:05');
    expect(countdown(2 * 86_400_000 + 1000)).toBe('2 d 00:00:01');
    expect(countdown(-5)).toBe('00:00');
  });

  it('write bitrates as people say them', () => {
    expect(bitrate(640)).toBe('640 kbit/s');
    expect(bitrate(4480)).toBe('4.5 Mbit/s');
  });
});
