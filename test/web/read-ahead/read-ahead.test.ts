// What a watch page asks for before its code has come, and when the answers are of use.
import { describe, expect, it } from 'vitest';
import type { FirstAnswer } from '../../../src/protocol/first-answers.ts';
import { readAhead } from '../../../src/web/read-ahead/read-ahead.ts';

const BASE = 'https://edge.test';
const MULTIVARIANT =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n720p/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\n360p/index.m3u8\n';
const part = (uri: string, more = '') => `#EXT-X-PART:DURATION=0.33333,URI="${uri}"${more}`;
const MEDIA = [
  '#EXTM3U',
  '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.000',
  '#EXT-X-MAP:URI="g1/init.mp4"',
  part('g1/6.0.m4s', ',INDEPENDENT=YES'),
  part('g1/6.1.m4s'),
  part('g1/6.2.m4s'),
  part('g1/6.3.m4s', ',INDEPENDENT=YES'),
  part('g1/6.4.m4s'),
  part('g1/6.5.m4s'),
  part('g1/7.0.m4s', ',INDEPENDENT=YES'),
  '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/7.1.m4s"',
  '',
].join('\n');

/** A world of addresses and texts, with a clock that the test turns, and each look at it if asked to. */
function world(texts: Record<string, string>, { msPerLook = 0 } = {}) {
  const asked: string[] = [];
  const clock = { ms: 100 };
  const ahead = (path: string, given: FirstAnswer[] = []) =>
    readAhead({
      href: `${BASE}${path}`,
      given,
      givenAtMs: 60,
      nowMs: () => (clock.ms += msPerLook),
      fetch: async (url) => {
        asked.push(url.slice(BASE.length));
        const text = texts[url.slice(BASE.length)];
        return text === undefined ? new Response('', { status: 404 }) : new Response(text, { headers: { Age: '2' } });
      },
    });
  return { asked, clock, ahead };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

const STREAM = {
  '/live/st_abcd/index.m3u8': MULTIVARIANT,
  '/live/st_abcd/720p/index.m3u8': MEDIA,
  '/live/st_abcd/720p/g1/init.mp4': 'init',
  '/live/st_abcd/720p/g1/6.3.m4s': 'six-three',
};

describe('reading ahead', () => {
  it('asks for the playlists, the init segment and the parts from the key frame a player starts at', async () => {
    const { asked, ahead } = world(STREAM);
    await ahead('/watch/st_abcd').asked;
    expect(asked).toEqual([
      '/live/st_abcd/index.m3u8',
      '/live/st_abcd/720p/index.m3u8',
      '/live/st_abcd/720p/g1/init.mp4',
      '/live/st_abcd/720p/g1/6.3.m4s',
      '/live/st_abcd/720p/g1/6.4.m4s',
      '/live/st_abcd/720p/g1/6.5.m4s',
      '/live/st_abcd/720p/g1/7.0.m4s',
      '/live/st_abcd/720p/g1/7.1.m4s',
    ]);
  });

  it('does not take the wait for a part that is still being made for a slow line', async () => {
    const made = { '/live/st_abcd/720p/g1/7.0.m4s': 'seven', '/live/st_abcd/720p/g1/7.1.m4s': 'seven-one' };
    const { ahead } = world({ ...STREAM, ...made }, { msPerLook: 10 });
    const kept = ahead('/watch/st_abcd');
    await settled();
    const [listed, hinted] = await Promise.all(Object.keys(made).map((path) => kept.take(path)));
    expect(listed!.firstByteMs).toBeGreaterThan(listed!.startedMs);
    expect(hinted!.firstByteMs).toBe(hinted!.startedMs);
  });

  it('says what the picture begins with, where the playlist says how it is encoded', async () => {
    const first = await world(STREAM).ahead('/watch/st_abcd').asked;
    expect(first).toBeNull();
    const said = MULTIVARIANT.replace('BANDWIDTH=1', 'BANDWIDTH=1,CODECS="avc1.64001e,mp4a.40.2"');
    const { ahead } = world({ ...STREAM, '/live/st_abcd/index.m3u8': said });
    const media = await ahead('/watch/st_abcd').asked;
    expect(media).toMatchObject({ codecs: 'avc1.64001e,mp4a.40.2' });
    expect(media?.parts.map(({ url }) => url.slice(-8))).toEqual([
      '/6.3.m4s',
      '/6.4.m4s',
      '/6.5.m4s',
      '/7.0.m4s',
      '/7.1.m4s',
    ]);
    expect(new TextDecoder().decode((await media?.init)?.body)).toBe('init');
  });

  it.each(['/', '/studio', '/watch/', '/watch/st_abcd/else', '/watch/us_abcd'])(
    'asks for nothing on %s',
    async (path) => {
      const { asked, ahead } = world(STREAM);
      expect(ahead(path).take('/live/st_abcd/index.m3u8')).toBeNull();
      await settled();
      expect(asked).toEqual([]);
    },
  );

  it('asks for media at once where the page has brought the playlists along', async () => {
    const { asked, ahead } = world(STREAM);
    const paths = ['/live/st_abcd/index.m3u8', '/live/st_abcd/720p/index.m3u8'] as const;
    const kept = ahead(
      '/watch/st_abcd',
      paths.map((path) => ({ path, body: STREAM[path] })),
    );
    await kept.asked;
    expect(asked.slice(0, 2)).toEqual(['/live/st_abcd/720p/g1/init.mp4', '/live/st_abcd/720p/g1/6.3.m4s']);
    const playlist = await kept.take(paths[1]);
    expect(new TextDecoder().decode(playlist?.body)).toBe(MEDIA);
    expect(playlist).toMatchObject({ url: BASE + paths[1], firstByteMs: 60 });
  });

  it('hands an answer out once, whether asked for by path or by full address', async () => {
    const { ahead } = world(STREAM);
    const kept = ahead('/watch/st_abcd');
    await settled();
    const first = await kept.take('/live/st_abcd/index.m3u8');
    expect(new TextDecoder().decode(first?.body)).toBe(MULTIVARIANT);
    expect(first?.ageSeconds).toBe(2);
    expect(kept.take(`${BASE}/live/st_abcd/index.m3u8`)).toBeNull();
    expect(await kept.take(`${BASE}/live/st_abcd/720p/g1/6.3.m4s`)).toMatchObject({ startedMs: 100, endedMs: 100 });
  });

  it('drops a playlist that has grown old, and keeps media', async () => {
    const { ahead, clock } = world(STREAM);
    const kept = ahead('/watch/st_abcd');
    await settled();
    clock.ms += 1001;
    expect(await kept.take('/live/st_abcd/720p/index.m3u8')).toBeNull();
    expect(await kept.take('/live/st_abcd/720p/g1/init.mp4')).not.toBeNull();
  });

  describe('the picture that the page has begun', () => {
    const CODED = {
      ...STREAM,
      '/live/st_abcd/index.m3u8': MULTIVARIANT.replace('BANDWIDTH=1', 'BANDWIDTH=1,CODECS="avc1.64001e"'),
    };
    const PLAYLISTS = ['/live/st_abcd/index.m3u8', '/live/st_abcd/720p/index.m3u8'];

    it('is gone on with by the playlists that it was laid out by, however late the player asks for them', async () => {
      const { ahead, clock } = world(CODED);
      const kept = ahead('/watch/st_abcd');
      const media = await kept.asked;
      clock.ms += 900;
      expect(media?.isBinding(() => Promise.resolve())).toBe(true);
      clock.ms += 5_000;
      for (const path of PLAYLISTS) expect(await kept.take(path)).not.toBeNull();
    });

    it('is gone on with when all of it that has come is in the buffer: until then the player waits for its playlist', async () => {
      const kept = world(CODED).ahead('/watch/st_abcd');
      const media = await kept.asked;
      let comes = (): void => undefined;
      media?.isBinding(() => new Promise<void>((resolve) => (comes = resolve)));
      const [multivariant, playlist] = PLAYLISTS.map((path) => kept.take(path)!);
      expect(await multivariant).not.toBeNull();
      const first = await Promise.race([playlist, settled().then(() => 'nothing yet')]);
      expect(first).toBe('nothing yet');
      comes();
      expect(await playlist).not.toBeNull();
    });

    it('is not gone on with where the player will read newer playlists, or has read these', async () => {
      const late = world(CODED);
      const kept = late.ahead('/watch/st_abcd');
      const media = await kept.asked;
      late.clock.ms += 1_001;
      expect(media?.isBinding(() => Promise.resolve())).toBe(false);
      for (const path of PLAYLISTS) expect(await kept.take(path)).toBeNull();

      const again = world(CODED).ahead('/watch/st_abcd');
      const second = await again.asked;
      await again.take(PLAYLISTS[1]!);
      expect(second?.isBinding(() => Promise.resolve())).toBe(false);
    });
  });

  it('says that what failed is of no use', async () => {
    const { ahead } = world({});
    expect(await ahead('/watch/ch_abcd').take('/live/ch_abcd/index.m3u8')).toBeNull();
  });
});
