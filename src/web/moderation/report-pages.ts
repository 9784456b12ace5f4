// The reports that are on the screen: as many pages as were asked for, read anew as a whole, so that what is answered makes room for the next.
import type { Report, ReportPage } from '../../protocol/reports.ts';

/** Nobody reads further down; what is answered brings the rest up. */
export const PAGES_MAX = 10;

/** At most so many pages, and as long as there are more. */
export async function readPages(
  ask: (cursor: string | undefined) => Promise<ReportPage>,
  count: number,
): Promise<ReportPage[]> {
  const pages: ReportPage[] = [];
  for (let cursor: string | null | undefined; pages.length < count && cursor !== null; ) {
    const page: ReportPage = await ask(cursor);
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}

/** Each once: one that is complained about anew moves while the pages are read. */
export function reportsOf(pages: readonly ReportPage[]): Report[] {
  const all = pages.flatMap(({ reports }) => reports);
  return [...new Map(all.map((report) => [report.id, report])).values()];
}

/** Is there another page below what was read? */
export const hasMore = (pages: readonly ReportPage[]): boolean =>
  pages.length < PAGES_MAX && (pages.at(-1)?.nextCursor ?? null) !== null;
