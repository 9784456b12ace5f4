// The name of the page in the tab.
import { useEffect } from 'preact/hooks';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Footlight`;
  }, [title]);
}
