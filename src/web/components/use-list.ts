// A list of the API: loaded at first, loaded again after a change, and the problem when that fails.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** `load`: the same function at every call; another one is another list. */
export function useList<Item>(load: () => Promise<Item[]>) {
  const [items, setItems] = useState<Item[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Answers may overtake each other: only that of the newest question counts. */
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    asked.current += 1;
    const turn = asked.current;
    const isNewest = () => turn === asked.current;
    await load().then(
      (loaded) => {
        if (!isNewest()) return;
        setItems(loaded);
        setProblem(null);
      },
      (error: Error) => isNewest() && setProblem(error.message),
    );
  }, [load]);
  useEffect(() => void refresh(), [refresh]);
  return { items, problem, refresh };
}
