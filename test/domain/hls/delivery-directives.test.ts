import { describe, expect, test } from 'vitest';
import {
  advancePartLimit,
  type Edge,
  judge,
  nextPlace,
  parseDirectives,
} from '../../../src/domain/hls/delivery-directives.ts';
import { LATENCY_SHAPES } from '../../../src/protocol/latency.ts';

const parts = (count: number) =>
  Array.from({ length: count }, () => ({ durationSeconds: 1 / 3, independent: true, offset: 0, byteLength: 1 }));
const edge = (msn: number, open: number | null, lastParts = 6): Edge => ({
  last: { msn, parts: parts(lastParts) },
  open: open === null ? null : { msn: msn + 1, parts: parts(open), offersParts: true },
});
const low = LATENCY_SHAPES.low;

describe('Directives as they come', () => {
  const table: [Record<string, string>, ReturnType<typeof parseDirectives>][] = [
    [{}, { ok: true, directives: {} }],
    [{ _HLS_msn: '7' }, { ok: true, directives: { msn: 7 } }],
    [
      { _HLS_msn: '7', _HLS_part: '0', _HLS_skip: 'v2' },
      { ok: true, directives: { msn: 7, part: 0, skip: 'v2' } },
    ],
    [{ _HLS_skip: 'YES' }, { ok: true, directives: { skip: 'YES' } }],
    [
      { _HLS_skip: 'no', other: 'x' },
      { ok: true, directives: {} },
    ],
    [{ _HLS_part: '0' }, { ok: false, detail: expect.stringContaining('needs _HLS_msn') as unknown as string }],
    ...['x', '-1', '1.5', '', '1e3', ' 1', '9'.repeat(16)].map(
      (msn) =>
        [{ _HLS_msn: msn }, { ok: false, detail: expect.stringContaining('whole number') as unknown as string }] as [
          Record<string, string>,
          ReturnType<typeof parseDirectives>,
        ],
    ),
    [
      { _HLS_msn: '1', _HLS_part: 'b' },
      { ok: false, detail: expect.stringContaining('_HLS_part') as unknown as string },
    ],
  ];
  for (const [query, expected] of table)
    test(JSON.stringify(query), () => expect(parseDirectives(query)).toEqual(expected));
});

describe('Answer, hold or refuse', () => {
  const answer = { type: 'answer', isNewest: false };
  const newest = { type: 'answer', isNewest: true };
  const hold = { type: 'hold' };
  const refuse = { type: 'refuse' };
  const table: [string, Edge, { msn?: number; part?: number }, object][] = [
    ['nothing complete yet: even a plain request waits', { last: null, open: null }, {}, hold],
    ['a plain request is answered', edge(5, 2), {}, answer],
    ['an old segment is answered at once', edge(5, 2), { msn: 2 }, answer],
    ['a segment that is long gone is answered at once', edge(500, 2), { msn: 0, part: 99 }, answer],
    ['the newest segment is there', edge(5, null), { msn: 5 }, newest],
    ['a growing segment is not yet listed', edge(5, 2), { msn: 6 }, hold],
    ['the one after it may be waited for', edge(5, 2), { msn: 7 }, hold],
    ['two past the last is the limit', edge(5, 2), { msn: 8 }, refuse],
    ['a part that is there', edge(5, 3), { msn: 6, part: 1 }, answer],
    ['the newest part', edge(5, 3), { msn: 6, part: 2 }, newest],
    ['the next part', edge(5, 3), { msn: 6, part: 3 }, hold],
    ['a part past the end of its segment means the first of the next: there', edge(5, 1), { msn: 5, part: 6 }, newest],
    [
      'a part past the end of its segment means the first of the next: to come',
      edge(5, null),
      { msn: 5, part: 9 },
      hold,
    ],
    ['the advance limit is nine parts of a third', edge(5, 1), { msn: 6, part: 9 }, hold],
    ['and not ten', edge(5, 1), { msn: 6, part: 10 }, refuse],
    ['nor across segments', edge(5, 1), { msn: 7, part: 4 }, refuse],
    ['across segments within the limit', edge(5, 1), { msn: 7, part: 3 }, hold],
    ['a gap has no parts and counts as passed', edge(5, null, 0), { msn: 5, part: 0 }, hold],
  ];
  for (const [name, at, directives, expected] of table) {
    test(name, () => expect(judge(directives, at, low)).toMatchObject(expected));
  }

  test('the advance part limit is three divided by the part target, or three for parts of a second', () => {
    expect(Object.values(LATENCY_SHAPES).map(advancePartLimit)).toEqual([15, 9, 6, 3]);
  });

  test('the hint after the last part of a full segment is the first part of the next', () => {
    expect(nextPlace(edge(5, 5), low)).toEqual({ msn: 6, part: 5 });
    expect(nextPlace(edge(5, 6), low)).toEqual({ msn: 7, part: 0 });
    expect(nextPlace(edge(5, null), low)).toEqual({ msn: 6, part: 0 });
  });
});
