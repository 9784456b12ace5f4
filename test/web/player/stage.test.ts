// What the player makes of the picture that is there before it: taken over where it goes by the same playlist, emptied where not.
import type Hls from 'hls.js/light';
import { afterEach, expect, it, vi } from 'vitest';
import { attach, takeVideo } from '../../../src/web/player/stage.ts';
import type { FirstBuffer } from '../../../src/web/read-ahead/first-picture.ts';
import type { Stage } from '../../../src/web/read-ahead/stage.ts';

const SRC = 'blob:the-first-source';
const mediaSource = {} as MediaSource;
const buffer = {} as SourceBuffer;
const shownBy = (isBinding: boolean, isPlaced = true): FirstBuffer => ({
  ...{ buffer, codecs: 'avc1.64001f,mp4a.40.2', startSeconds: 7.5 },
  isBinding: () => isBinding,
  isPlaced,
});

/** A page whose stage is as given, and an hls.js that writes down what it is told. */
function page(shown: FirstBuffer | null, source: MediaSource | null = mediaSource) {
  const video = { src: SRC } as HTMLVideoElement;
  const left = vi.fn();
  const stage: Stage = { video, mediaSource: source, show: source && { shown, leave: left } };
  vi.stubGlobal('window', { footlightStage: stage });
  const revoked: string[] = [];
  vi.stubGlobal('URL', { revokeObjectURL: (url: string) => revoked.push(url) });
  const attached: unknown[] = [];
  const config = { startPosition: -1 };
  const hls = { attachMedia: (what: unknown) => attached.push(what), config } as unknown as Hls;
  return { video, hls, attached, config, revoked, left };
}
afterEach(() => vi.unstubAllGlobals());

it('goes on from a picture that was laid out by its own playlist', () => {
  const { video, hls, attached, config, revoked, left } = page(shownBy(true));
  expect(takeVideo()).toBe(video);
  const handOver = attach(hls, video, true);
  expect(attached).toEqual([
    { media: video, mediaSource, tracks: { audiovideo: expect.objectContaining({ buffer }) } },
  ]);
  expect(config.startPosition).toBe(7.5);
  expect(revoked).toEqual([]);
  expect(left).not.toHaveBeenCalled();
  expect(handOver?.()).toMatchObject({ buffer });
  expect(left).toHaveBeenCalled();
});

it('keeps to the beginning that it was told, where the picture has no place yet', () => {
  const { hls, left } = page(shownBy(true, false));
  attach(hls, takeVideo(), true);
  expect(left).toHaveBeenCalled();
});

it.each([
  ['that was laid out by a playlist which no longer holds', false, true],
  ['of another stream than it plays', true, false],
])('empties the element of a picture %s', (_, isBinding, isAhead) => {
  const { video, hls, attached, config, revoked, left } = page(shownBy(isBinding));
  expect(attach(hls, takeVideo(), isAhead)).toBeNull();
  expect(left).toHaveBeenCalled();
  expect(attached).toEqual([video]);
  expect(revoked).toEqual([SRC]);
  expect(config.startPosition).toBe(-1);
});

it('takes the open MediaSource where nothing is shown yet, once', () => {
  const { video, hls, attached } = page(null);
  attach(hls, takeVideo(), true);
  attach(hls, video, true);
  expect(attached).toEqual([{ media: video, mediaSource }, video]);
});

it('opens one of its own in a browser that takes another kind', () => {
  const { video, hls, attached } = page(null, null);
  attach(hls, takeVideo(), true);
  expect(attached).toEqual([video]);
});
