import { expect, test } from 'vitest';
import { JpegReader } from '../../../transcoder/encoder/jpegs.ts';

const first = Uint8Array.of(0xff, 0xd8, 1, 0xff, 0x00, 2, 0xff, 0xd9);
const second = Uint8Array.of(0xff, 0xd8, 3, 0xff, 0xd9);
const pipe = new Uint8Array([...first, ...second]);

test.each([1, 2, 5, 100])('posters come out whole, in pieces of %i bytes', (size) => {
  const reader = new JpegReader();
  const images: Uint8Array[] = [];
  for (let at = 0; at < pipe.length; at += size) images.push(...reader.push(pipe.subarray(at, at + size)));
  expect(images).toEqual([first, second]);
});

test('a picture without an end is thrown away, the next one is not', () => {
  const reader = new JpegReader();
  for (let n = 0; n < 40; n += 1) expect(reader.push(new Uint8Array(100_000))).toEqual([]);
  expect(reader.push(first)).toEqual([]);
  expect(reader.push(second)).toEqual([second]);
});
