// Where the viewer is in the client: follows links without loading the page anew.
import { signal } from '@preact/signals';
import { matchRoute, type Route } from './routes.ts';

export const route = signal<Route>(matchRoute(location.pathname));

export function navigate(path: string): void {
  if (path !== location.pathname + location.search) history.pushState(null, '', path);
  route.value = matchRoute(location.pathname);
  scrollTo(0, 0);
  // Whoever listens or navigates by keyboard starts at the new page, not where the old one ended.
  document.getElementById('main')?.focus({ preventScroll: true });
}

addEventListener('popstate', () => {
  route.value = matchRoute(location.pathname);
});

// One listener for every link: plain clicks on our own pages stay in the client.
addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (matchRoute(link.pathname).name === 'missing' || link.hash) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
});
