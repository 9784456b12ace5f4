// A long list of reports at the desk: page by page, and anew after each answer.
import { describe, expect, it } from 'vitest';
import type { ReportPage } from '../../../src/protocol/reports.ts';
import { eachOnce, hasMore, PAGES_MAX, readPages } from '../../../src/web/moderation/list-pages.ts';

/** The door of a channel with so many open reports, in pages of twenty. */
function door(count: number) {
  let open = Array.from({ length: count }, (_, index) => ({ id: `rp_${index}` }) as unknown as Report);
  const asked: (string | undefined)[] = [];
  const ask = async (cursor: string | undefined): Promise<ReportPage> => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    return { reports: open.slice(from, from + 20), nextCursor: from + 20 < open.length ? String(from + 20) : null };
  };
  const answer = (id: string) => {
    open = open.filter((report) => report.id !== id);
  };
  return { ask, asked, answer };
}
const idsOf = (pages: ReportPage[]) => eachOnce(pages.flatMap(({ reports }) => reports)).map(({ id }) => id);

describe('the reports of a channel', () => {
  it('are there beyond the twentieth for who asks for more, and no further than there are', async () => {
    const { ask, asked } = door(45);
    const first = await readPages(ask, 1);
    expect(idsOf(first)).toHaveLength(20);
    expect(hasMore(first)).toBe(true);
    const all = await readPages(ask, 5);
    expect(idsOf(all)).toHaveLength(45);
    expect(hasMore(all)).toBe(false);
    expect(asked).toEqual([undefined, undefined, '20', '40']);
  });

  it('make room for the next when one is answered', async () => {
    const { ask, answer } = door(45);
    expect(idsOf(await readPages(ask, 2)).at(-1)).toBe('rp_39');
    answer('rp_3');
    const pages = await readPages(ask, 2);
    expect(idsOf(pages)).not.toContain('rp_3');
    expect(idsOf(pages).at(-1)).toBe('rp_40');
  });

  it('are each there once, though one moves while they are read', () => {
    const page = (...ids: string[]): ReportPage => ({
      reports: ids.map((id) => ({ id }) as unknown as Report),
      nextCursor: null,
    });
    expect(idsOf([page('rp_1', 'rp_2'), page('rp_2', 'rp_3')])).toEqual(['rp_1', 'rp_2', 'rp_3']);
  });

  it('are read so far and no further', async () => {
    const { ask } = door(1_000);
    expect(hasMore(await readPages(ask, PAGES_MAX))).toBe(false);
  });
});
