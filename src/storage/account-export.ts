// Everything that is held of a person, table by table, in pages.
import { PERSONAL_DATA } from './personal-data.ts';

const PAGE_ROWS = 500;

export type ExportedRow = Record<string, string | number | null>;

/** The tables that an export has, in its words: `streamKeys`. */
export const EXPORTED_TABLES = PERSONAL_DATA.filter(({ shown }) => shown !== null).map(({ table }) => inWords(table));

/** One page after the other of each table; a table without rows comes as one empty page. */
export async function* exportPages(
  db: D1Database,
  userId: string,
): AsyncGenerator<{ table: string; rows: ExportedRow[]; isLast: boolean }> {
  for (const { table, mine, shown, shownMine = mine } of PERSONAL_DATA) {
    if (shown === null) continue;
    const columns = shown.map((column) => `${column} AS ${inWords(column)}`).join(', ');
    const page = db.prepare(
      `SELECT rowid AS place, ${columns} FROM ${table} WHERE (${shownMine}) AND rowid > ?2 ORDER BY rowid LIMIT ${PAGE_ROWS}`,
    );
    for (let place = 0, isWhole = false; !isWhole; ) {
      const { results } = await page.bind(userId, place).all<ExportedRow & { place: number }>();
      place = results.at(-1)?.place ?? place;
      isWhole = results.length < PAGE_ROWS;
      yield { table: inWords(table), rows: results.map(({ place: _place, ...row }) => row), isLast: isWhole };
    }
  }
}

function inWords(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
