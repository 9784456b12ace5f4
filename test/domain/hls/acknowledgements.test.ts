import { expect, test } from 'vitest';
import { Acknowledgements } from '../../../src/domain/hls/acknowledgements.ts';

test('a frame is acknowledged when all before it are stored, and only once', () => {
  const acknowledgements = new Acknowledgements(0);
  acknowledgements.receive(1, null);
  expect(acknowledgements.advance()).toBe(1);
  for (const [seq, segment] of [
    [2, 'a/0'],
    [3, 'b/0'],
    [4, 'a/0'],
    [5, 'b/0'],
    [6, null],
  ] as const)
    acknowledgements.receive(seq, segment);
  expect(acknowledgements.advance()).toBeNull();
  acknowledgements.settle('b/0');
  expect(acknowledgements.advance()).toBeNull();
  acknowledgements.settle('a/0');
  expect(acknowledgements.advance()).toBe(6);
  expect(acknowledgements.advance()).toBeNull();
});

test('what was acknowledged before a loss of memory stays so, and comes again without harm', () => {
  const acknowledgements = new Acknowledgements(10);
  acknowledgements.receive(9, 'a/3');
  acknowledgements.receive(11, 'a/4');
  expect(acknowledgements.advance()).toBeNull();
  acknowledgements.settle('a/4');
  expect([acknowledgements.advance(), acknowledgements.seq]).toEqual([11, 11]);
});

test('numbers that never come do not hold up the rest', () => {
  const acknowledgements = new Acknowledgements(3);
  acknowledgements.receive(8, null);
  expect(acknowledgements.advance()).toBe(8);
});
