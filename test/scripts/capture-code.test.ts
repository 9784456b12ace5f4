// The time in the picture is read back exactly, and a damaged picture is never read as a time.
import { describe, expect, it } from 'vitest';
import {
  CODE_COLUMNS,
  CODE_ROWS,
  CODE_STRIP,
  captureCodeForPage,
  decodeCaptureTime,
  encodeCaptureTime,
} from '../../scripts/bench/capture-code.ts';

const NOW = Date.UTC(2026, 6, 1, 12, 34, 56, 789);

const picture =
  (blocks: boolean[], white = 235, black = 16) =>
  (x: number, y: number) => {
    const row = Math.floor((y / CODE_STRIP) * CODE_ROWS);
    return blocks[row * CODE_COLUMNS + Math.floor(x * CODE_COLUMNS)] ? white : black;
  };

describe('the capture time in the picture', () => {
  it('is read back to the millisecond, whatever the moment', () => {
    for (const offset of [0, 1, 33, 999, 86_400_000, 2 ** 31, 2 ** 32 - 1]) {
      const time = NOW - offset;
      expect(decodeCaptureTime(picture(encodeCaptureTime(time)), NOW - offset + 800)).toBe(time);
    }
  });

  it('is read through the dull blacks and whites of a lossy encode', () => {
    expect(decodeCaptureTime(picture(encodeCaptureTime(NOW), 190, 70), NOW)).toBe(NOW);
  });

  it('is refused when one block is flipped', () => {
    for (let flipped = 0; flipped < CODE_COLUMNS * CODE_ROWS; flipped += 1) {
      const blocks = encodeCaptureTime(NOW).map((white, at) => (at === flipped ? !white : white));
      expect(decodeCaptureTime(picture(blocks), NOW)).toBeNull();
    }
  });

  it('is refused in a black, white or grey picture', () => {
    for (const luma of [16, 128, 235]) expect(decodeCaptureTime(() => luma, NOW)).toBeNull();
  });

  it('reads the same in a page', () => {
    const inPage = new Function(`${captureCodeForPage()}; return { encodeCaptureTime, decodeCaptureTime };`)() as {
      encodeCaptureTime: typeof encodeCaptureTime;
      decodeCaptureTime: typeof decodeCaptureTime;
    };
    expect(inPage.decodeCaptureTime(picture(inPage.encodeCaptureTime(NOW)), NOW)).toBe(NOW);
  });
});
