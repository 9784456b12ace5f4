// The viewing pass in addresses and in what hls.js gets to see.
import { describe, expect, it, vi } from 'vitest';
import { passLoader, sendPass } from '../../../src/web/player/pass-loader.ts';
import { withoutPass, withPass } from '../../../src/web/player/pass-url.ts';

describe('a viewing pass in an address', () => {
  it.each([
    ['/live/st_a/index.m3u8', '/live/st_a/index.m3u8?pass=new'],
    ['/live/st_a/index.m3u8?pass=old', '/live/st_a/index.m3u8?pass=new'],
    ['https://e.test/a?pass=old&_HLS_msn=3', 'https://e.test/a?_HLS_msn=3&pass=new'],
    ['/a?token=x&pass=old', '/a?token=x&pass=new'],
    ['/a?bypass=1', '/a?bypass=1&pass=new'],
  ])('%s', (url, expected) => {
    expect(withPass(url, 'new')).toBe(expected);
    expect(withPass(url, null)).toBe(url);
    expect(withoutPass(withPass(url, 'new'))).toBe(withoutPass(url));
  });
});

describe('the loader with a pass', () => {
  const playlist =
    '#EXTM3U\n#EXT-X-MAP:URI="g1/init.mp4?pass=p1"\n#EXT-X-PART:DURATION=0.3,URI="g1/9.0.m4s?a=1&pass=p1"\ng1/8.m4s?pass=p1\n';

  function loaded(response: { url: string; data: string | ArrayBuffer }) {
    class Usual {
      load(_context: unknown, _config: unknown, { onSuccess }: { onSuccess(...all: unknown[]): void }) {
        onSuccess({ ...response, code: 200 }, 'stats', 'context', 'details');
      }
    }
    const Loader = passLoader(Usual as never);
    const onSuccess = vi.fn();
    new Loader({} as never).load({ url: '/a' } as never, {} as never, { onSuccess } as never);
    return onSuccess.mock.calls[0]!;
  }

  it('hides the pass from hls.js, so that no address changes when it is renewed', () => {
    expect(loaded({ url: 'https://e.test/a.m3u8?pass=p1', data: playlist })).toEqual([
      {
        url: 'https://e.test/a.m3u8',
        data: '#EXTM3U\n#EXT-X-MAP:URI="g1/init.mp4"\n#EXT-X-PART:DURATION=0.3,URI="g1/9.0.m4s?a=1"\ng1/8.m4s\n',
        code: 200,
      },
      'stats',
      'context',
      'details',
    ]);
    const data = new ArrayBuffer(3);
    expect(loaded({ url: 'https://e.test/a.m4s', data })[0]).toMatchObject({ data });
  });

  it('sends the pass of the moment with every request', () => {
    let pass = 'p1';
    const send = sendPass(() => pass);
    const open = vi.fn();
    send({ open } as never, '/a.m3u8', {} as never);
    pass = 'p2';
    send({ open } as never, '/a.m3u8', {} as never);
    expect(open.mock.calls.map(([, url]) => url)).toEqual(['/a.m3u8?pass=p1', '/a.m3u8?pass=p2']);
  });
});
