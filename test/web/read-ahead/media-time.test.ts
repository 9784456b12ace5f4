// When a part begins, read from its bytes.
import { describe, expect, it } from 'vitest';
import { beginningOfPart } from '../../../src/web/read-ahead/media-time.ts';

const u32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const box = (name: string, ...content: number[][]): number[] => {
  const body = content.flat();
  return [...u32(body.length + 8), ...[...name].map((letter) => letter.charCodeAt(0)), ...body];
};
const bytes = (...boxes: number[][]): ArrayBuffer => new Uint8Array(boxes.flat()).buffer;

const track = (id: number, timescale: number, version: 0 | 1) => {
  const times = version === 1 ? [0, 0, 0, 0] : [0, 0];
  return box(
    'trak',
    box('tkhd', u32(version << 24), times.flatMap(u32), u32(id)),
    box('mdia', box('mdhd', u32(version << 24), times.flatMap(u32), u32(timescale))),
  );
};
const run = (id: number, ticks: number, version: 0 | 1) =>
  box(
    'traf',
    box('tfhd', u32(0), u32(id)),
    box(
      'tfdt',
      u32(version << 24),
      version === 1 ? [...u32(Math.floor(ticks / 2 ** 32)), ...u32(ticks % 2 ** 32)] : u32(ticks),
    ),
  );

const INIT = bytes(box('ftyp', u32(0)), box('moov', track(1, 90_000, 0), track(2, 48_000, 1)));

describe('the beginning of a part', () => {
  it('is that of the track that begins first', () => {
    const part = bytes(box('styp', u32(0)), box('moof', box('mfhd', u32(0)), run(1, 180_000, 0), run(2, 95_000, 0)));
    expect(beginningOfPart(INIT, part)).toEqual({ trackId: 2, ticks: 95_000, ticksPerSecond: 48_000 });
  });

  it('may lie beyond 32 bits', () => {
    const part = bytes(box('moof', run(1, 2 ** 32 + 90_000, 1)));
    expect(beginningOfPart(INIT, part)).toEqual({ trackId: 1, ticks: 2 ** 32 + 90_000, ticksPerSecond: 90_000 });
  });

  it.each([
    ['no bytes', bytes()],
    ['no fragment', bytes(box('mdat', u32(7)))],
    ['a track that the init segment does not know', bytes(box('moof', run(9, 1, 0)))],
    ['a box that is longer than the bytes', new Uint8Array([...u32(99), 109, 111, 111, 102]).buffer],
  ])('is unknown with %s', (_what, part) => {
    expect(beginningOfPart(INIT, part)).toBeNull();
  });
});
