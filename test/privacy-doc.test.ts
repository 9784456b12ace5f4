import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { IMPERSONAL_DATA, PERSONAL_DATA } from '../src/storage/personal-data.ts';

const page = readFileSync(new URL('../docs/privacy.md', import.meta.url), 'utf8');

it('docs/privacy.md says of every table what of a person is in it, why, and for how long', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => row.split('|')[1]!.match(/\w+/g) ?? []);
  expect(named.sort()).toEqual([...PERSONAL_DATA.map(({ table }) => table), ...Object.keys(IMPERSONAL_DATA)].sort());
  for (const row of rows) {
    const [, , what, why, howLong] = row.split('|').map((cell) => cell.trim());
    expect(
      [what, why, howLong].every((cell) => cell),
      row,
    ).toBe(true);
  }
});
