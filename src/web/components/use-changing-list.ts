// A list that one changes where one reads it: each change is done, then the list is shown as it is; one at a time.
import { useEffect, useState } from 'preact/hooks';

/** `load`: the same function at every call; another one is another list. */
export function useChangingList<Item>(load: () => Promise<Item[]>) {
  const [items, setItems] = useState<Item[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const change = async (act: () => Promise<unknown>) => {
    setIsBusy(true);
    setProblem(null);
    try {
      await act();
      setItems(await load());
    } catch (error) {
      setProblem((error as Error).message);
    }
    setIsBusy(false);
  };
  useEffect(() => {
    void change(async () => undefined);
  }, [load]);
  return { items, problem, isBusy, change };
}
