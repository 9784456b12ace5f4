import { describe, expect, it } from 'vitest';
import { levelFor, type QualityLevel, qualityOptions, sameChoice } from '../../../src/web/player/quality.ts';

const ladder: QualityLevel[] = [
  { width: 640, height: 360, bitrate: 800_000 },
  { width: 854, height: 480, bitrate: 1_400_000 },
  { width: 1280, height: 720, bitrate: 2_900_000 },
];

describe('the quality menu', () => {
  it('lists Auto, each height from the best, and a data saver', () => {
    expect(qualityOptions(ladder).map(({ label }) => label)).toEqual(['Auto', '720p', '480p', '360p', 'Data saver']);
  });

  it('names a portrait picture by its short side', () => {
    expect(qualityOptions([{ width: 720, height: 1280, bitrate: 2_000_000 }]).map(({ label }) => label)).toEqual([
      'Auto',
      '720p',
    ]);
  });

  it('offers sound alone where the ladder has it', () => {
    const withAudio = [...ladder, { width: 0, height: 0, bitrate: 96_000 }];
    expect(qualityOptions(withAudio).at(-1)).toMatchObject({ label: 'Audio only', hint: '96 kbit/s' });
    expect(levelFor({ kind: 'audio' }, withAudio)).toBe(3);
  });
});

describe('a locked quality', () => {
  it('is found by its height in another ladder, whatever its place', () => {
    expect(levelFor({ kind: 'height', height: 480 }, ladder)).toBe(1);
    expect(levelFor({ kind: 'height', height: 480 }, [...ladder].reverse())).toBe(1);
    expect(levelFor({ kind: 'height', height: 480 }, ladder.slice(1))).toBe(0);
  });

  it('falls to the next lower height, since a lock is also about data, and to the lowest when there is none', () => {
    expect(levelFor({ kind: 'height', height: 1080 }, ladder)).toBe(2);
    expect(levelFor({ kind: 'height', height: 600 }, ladder)).toBe(1);
    expect(levelFor({ kind: 'height', height: 240 }, ladder)).toBe(0);
  });

  it('leaves the choice to the player when it is automatic', () => {
    expect(levelFor({ kind: 'auto' }, ladder)).toBe(-1);
  });
});

it('a data saver takes the cheapest picture, never sound alone', () => {
  expect(levelFor({ kind: 'saver' }, [{ width: 0, height: 0, bitrate: 96_000 }, ...ladder])).toBe(1);
});

it('tells choices apart by their height', () => {
  expect(sameChoice({ kind: 'height', height: 720 }, { kind: 'height', height: 480 })).toBe(false);
  expect(sameChoice({ kind: 'saver' }, { kind: 'saver' })).toBe(true);
});
