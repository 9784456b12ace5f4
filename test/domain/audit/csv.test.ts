import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/domain/audit/csv.ts';

describe('a row for a spreadsheet', () => {
  it('quotes text, leaves numbers, and has nothing for null', () => {
    expect(csvLine([1, 'a "b", c', null, 'line\nbreak'])).toBe('1,"a ""b"", c",,"line\nbreak"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '|x', '%0A', '＝1'])(
    'never begins a cell with what a spreadsheet runs: %j',
    (text) => {
      expect(csvLine([text]).startsWith(`"'`)).toBe(true);
    },
  );
});
