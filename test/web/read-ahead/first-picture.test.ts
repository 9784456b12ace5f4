// Where the first picture is taken from, out of what has come of the stream.
import { describe, expect, it } from 'vitest';
import { placeIn } from '../../../src/web/read-ahead/first-picture.ts';

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
