// The pages of a long list on the screen: read, read anew after a change, and one more when somebody asks for it.
import { useCallback, useState } from 'preact/hooks';
import { useList } from '../components/use-list.ts';
import { hasMore, readPages } from './list-pages.ts';

/** `ask`: the same function at every call; another one is another list. */
export function usePages<Page extends { nextCursor: string | null }>(
  ask: (cursor: string | undefined) => Promise<Page>,
) {
  const [count, setCount] = useState(1);
  const load = useCallback(() => readPages(ask, count), [ask, count]);
  const { items: pages, problem, refresh } = useList<Page>(load);
  return {
    pages,
    problem,
    refresh,
    /** Back to the first: another list is about to be read. */
    begin: () => setCount(1),
    hasMore: pages !== null && hasMore(pages),
    /** Another page was asked for, and is not there yet. */
    isReading: pages !== null && hasMore(pages) && pages.length < count && problem === null,
    more: () => (pages !== null && pages.length < count ? void refresh() : setCount(count + 1)),
  };
}
