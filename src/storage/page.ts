// A page of a list that was read one row further than it goes.

/** Where a page ends: the sort key of its last row. */
export interface PageEnd<Id> {
  atMs: number;
  id: Id;
}

/** `rows`: up to `limit + 1` of them. `next` null: there are no more behind the page. */
export function pageOf<Row, Id>(
  rows: readonly Row[],
  limit: number,
  endOf: (last: Row) => { atMs: number | null; id: Id },
): { page: Row[]; next: PageEnd<Id> | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { page, next: null };
  const { atMs, id } = endOf(last);
  return { page, next: atMs === null ? null : { atMs, id } };
}
