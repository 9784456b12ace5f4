// Where the first picture is taken from, out of what has come of the stream, and how it gets into the buffer.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { placeIn, showFirst } from '../../../src/web/read-ahead/first-picture.ts';

const ranges = (...all: [number, number][]) => ({
  length: all.length,
  start: (index: number) => all[index]![0],
  end: (index: number) => all[index]![1],
});

describe('the first picture', () => {
  it('is where a player starts, if enough behind it has come', () => {
    expect(placeIn(ranges([20, 21]), 20.3)).toBe(20.3);
  });

  it('is sooner if less has come: what is at the end of a buffer is not shown before more comes', () => {
    expect(placeIn(ranges([20, 20.333]), 20.3)).toBeCloseTo(20.163);
  });

  it('waits while too little has come to be shown at all', () => {
    expect(placeIn(ranges([20, 20.1]), 20.3)).toBeNull();
    expect(placeIn(ranges(), 20.3)).toBeNull();
  });
});

/** A buffer whose appends end when the test says so; a byte is a tenth of a second. */
class Shelf extends EventTarget {
  readonly appended: number[][] = [];
  timestampOffset = 0;
  get buffered() {
    return ranges([0, this.appended.flat().filter((byte) => byte < INIT_BYTE).length / 10]);
  }
  appendBuffer(data: Uint8Array): void {
    this.appended.push([...data]);
  }
  async ends(): Promise<void> {
    this.dispatchEvent(new Event('updateend'));
    await soon();
  }
}
const INIT_BYTE = 200;
const soon = () => new Promise((resolve) => setTimeout(resolve, 2));

vi.mock('../../../src/web/read-ahead/media-time.ts', async (original) => ({
  ...(await original<object>()),
  // Bytes of these tests are no boxes.
  beginningOfPart: () => ({ trackId: 1, ticks: 30, ticksPerSecond: 10 }),
}));

describe('what is put into the picture', () => {
  afterEach(() => vi.unstubAllGlobals());

  function page(count: number) {
    const buffer = new Shelf();
    const mediaSource = Object.assign(new EventTarget(), { addSourceBuffer: () => buffer });
    vi.stubGlobal('MediaSource', { isTypeSupported: () => true });
    const comes: ((bytes: number[] | null) => void)[] = [];
    const answer = () =>
      new Promise<{ body: ArrayBuffer } | null>((resolve) =>
        comes.push((bytes) => resolve(bytes && { body: new Uint8Array(bytes).buffer })),
      );
    const init = answer();
    const parts = Array.from({ length: count }, (_, nth) => ({ url: `${nth}`, atSeconds: nth, answer: answer() }));
    const asked: (() => Promise<void>)[] = [];
    const isBinding = (calm: () => Promise<void>) => asked.push(calm) > 0;
    const media = { codecs: 'avc1', startSeconds: 0.1, init, parts, isBinding };
    const video = { currentTime: 0 };
    const show = showFirst(
      { video, mediaSource } as unknown as Parameters<typeof showFirst>[0],
      Promise.resolve(media as never),
    );
    const isCalm = async () => {
      show.shown!.isBinding();
      return Promise.race([asked.at(-1)!().then(() => true), soon().then(() => false)]);
    };
    const opens = async () => {
      mediaSource.dispatchEvent(new Event('sourceopen'));
      await soon();
    };
    return { buffer, video, show, isCalm, opens, come: (nth: number, bytes: number[] | null) => comes[nth]!(bytes) };
  }

  it('goes in with the init segment, and what comes meanwhile goes in at once when that has ended', async () => {
    const { buffer, video, show, isCalm, opens, come } = page(4);
    await opens();
    come(0, [INIT_BYTE]);
    come(1, [1, 2, 3, 4]);
    await soon();
    expect(buffer.appended).toEqual([[INIT_BYTE, 1, 2, 3, 4]]);
    expect(buffer.timestampOffset).toBe(-3);
    come(3, [6]);
    come(2, [5]);
    expect(await isCalm()).toBe(false);
    await buffer.ends();
    expect(buffer.appended.slice(1)).toEqual([[5, 6]]);
    expect(video.currentTime).toBe(0.1);
    expect(show.shown).toMatchObject({ isPlaced: true, startSeconds: 0.1, urls: ['0', '1', '2'] });
    await buffer.ends();
    expect(await isCalm()).toBe(true);
    come(4, [7]);
    await soon();
    expect(await isCalm()).toBe(false);
    expect(buffer.appended.slice(2)).toEqual([[7]]);
    await buffer.ends();
    expect(await isCalm()).toBe(true);
  });

  it('is nothing more once it has been left, and what came too late is not counted', async () => {
    const { buffer, show, isCalm, opens, come } = page(2);
    await opens();
    come(0, [INIT_BYTE]);
    come(1, [1, 2, 3]);
    await soon();
    show.leave();
    come(2, [4]);
    await buffer.ends();
    expect(buffer.appended).toHaveLength(1);
    expect(show.shown?.urls).toEqual(['0']);
    expect(await isCalm()).toBe(true);
  });

  it('keeps nobody waiting where the buffer takes no more', async () => {
    const { buffer, isCalm, opens, come } = page(2);
    await opens();
    come(0, [INIT_BYTE]);
    come(1, [1, 2, 3]);
    await soon();
    buffer.appendBuffer = () => {
      throw new Error('QuotaExceededError');
    };
    come(2, [4]);
    expect(await isCalm()).toBe(false);
    await buffer.ends();
    expect(await isCalm()).toBe(true);
  });

  it('keeps nobody waiting where a part does not come', async () => {
    const { buffer, isCalm, opens, come } = page(2);
    await opens();
    come(0, [INIT_BYTE]);
    come(1, [1, 2, 3]);
    come(2, null);
    await soon();
    await buffer.ends();
    expect(await isCalm()).toBe(true);
    expect(buffer.appended).toHaveLength(1);
  });
});
