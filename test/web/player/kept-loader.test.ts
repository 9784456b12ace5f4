// hls.js gets what was read ahead from memory, with the times of the real transfer, and everything else as ever.
import { describe, expect, it, vi } from 'vitest';
import { keptLoader } from '../../../src/web/player/kept-loader.ts';

class UsualLoader {
  static loads: string[] = [];
  stats = { loading: { start: 0, first: 0, end: 0 }, loaded: 0, total: 0 };
  context = null;
  abort = vi.fn();
  destroy = vi.fn();
  load(context: { url: string }) {
    UsualLoader.loads.push(context.url);
  }
  getCacheAge = () => 7;
}

const answer = {
  url: 'https://edge.test/a',
  body: new TextEncoder().encode('#EXTM3U').buffer,
  ageSeconds: 1,
  startedMs: 10,
  firstByteMs: 20,
  endedMs: 30,
};

function loaderWith(kept: typeof answer | null | 'nothing') {
  UsualLoader.loads = [];
  const Loader = keptLoader(UsualLoader as never, {
    take: () => (kept === 'nothing' ? null : Promise.resolve(kept)),
  });
  const loader = new Loader({} as never);
  const onSuccess = vi.fn();
  const load = (responseType: string) =>
    loader.load({ url: '/a', responseType } as never, {} as never, { onSuccess } as never);
  return { loader, onSuccess, load };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the loader of what was read ahead', () => {
  it('answers a playlist as text and media as bytes', async () => {
    for (const [type, data] of [
      ['text', '#EXTM3U'],
      ['arraybuffer', answer.body],
    ] as const) {
      const { onSuccess, load, loader } = loaderWith(answer);
      load(type);
      await settled();
      expect(onSuccess.mock.calls[0]?.[0]).toEqual({ url: answer.url, data, code: 200 });
      expect(onSuccess.mock.calls[0]?.[1]).toMatchObject({ loading: { start: 10, first: 20, end: 30 }, loaded: 7 });
      expect(loader.getCacheAge?.()).toBe(1);
      expect(UsualLoader.loads).toEqual([]);
    }
  });

  it.each(['nothing', null] as const)('loads the usual way where the page kept %s', async (kept) => {
    const { onSuccess, load, loader } = loaderWith(kept);
    load('text');
    await settled();
    expect(UsualLoader.loads).toEqual(['/a']);
    expect(onSuccess).not.toHaveBeenCalled();
    expect(loader.getCacheAge?.()).toBe(7);
  });

  it('says nothing more once it was ended', async () => {
    for (const end of ['abort', 'destroy'] as const) {
      const { onSuccess, load, loader } = loaderWith(answer);
      load('text');
      loader[end]();
      await settled();
      expect(onSuccess).not.toHaveBeenCalled();
    }
  });
});
