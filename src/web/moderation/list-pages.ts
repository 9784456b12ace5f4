// A long list that is on the screen: as many pages as were asked for, read anew as a whole, so that what is answered makes room for the next.

/** Nobody reads further down; what is answered brings the rest up. */
export const PAGES_MAX = 10;

interface Page {
  nextCursor: string | null;
}

/** At most so many pages, and as long as there are more. */
export async function readPages<One extends Page>(
  ask: (cursor: string | undefined) => Promise<One>,
  count: number,
): Promise<One[]> {
  const pages: One[] = [];
  for (let cursor: string | null | undefined; pages.length < count && cursor !== null; ) {
    const page: One = await ask(cursor);
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}

/** Each once: one that changes may move while the pages are read. */
export const eachOnce = <Item extends { id: string }>(items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

/** Is there another page below what was read? */
export const hasMore = (pages: readonly Page[]): boolean =>
  pages.length < PAGES_MAX && (pages.at(-1)?.nextCursor ?? null) !== null;
