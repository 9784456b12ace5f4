// The frame around every page, and the page that the address names.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Shell } from './components/shell.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { route } from './router.ts';
import type { Route } from './routes.ts';

type Page = ComponentType<{ route: Route }>;
type LazyName = Exclude<Route['name'], 'missing'>;

const PAGES: Record<LazyName, () => Promise<Page>> = {
  home: async () => asPage((await import('./pages/home.tsx')).HomePage),
  watch: async () => asPage((await import('./pages/watch.tsx')).WatchPage),
  studio: async () => asPage((await import('./pages/studio.tsx')).StudioPage),
  channel: async () => asPage((await import('./pages/channel-studio.tsx')).ChannelStudioPage),
};
const loaded = new Map<LazyName, Page>();
const first = route.peek().name;
// Started before the first render: nothing on the screen delays the code of the page.
const firstLoad = first === 'missing' ? null : load(first);

export function App() {
  const current = route.value;
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState(false);
  const name = current.name;
  useEffect(() => {
    if (name === 'missing' || loaded.has(name)) return;
    let isCurrent = true;
    const loading = name === first && firstLoad ? firstLoad : load(name);
    loading.then(
      () => isCurrent && redraw((count) => count + 1),
      () => isCurrent && setFailure(true),
    );
    return () => {
      isCurrent = false;
    };
  }, [name]);
  const Current = name === 'missing' ? NotFoundPage : loaded.get(name);
  return (
    <Shell>
      {failure ? (
        <LoadFailure />
      ) : Current ? (
        <Current route={current} key={location.pathname} />
      ) : (
        <div class="page-loading" />
      )}
    </Shell>
  );
}

function LoadFailure() {
  return (
    <div class="notice" role="alert">
      <h1>This page did not load</h1>
      <p>Your connection dropped, or Footlight was updated meanwhile. Load the page again.</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        Load again
      </button>
    </div>
  );
}

async function load(name: LazyName): Promise<void> {
  loaded.set(name, await PAGES[name]());
}

/** Each page reads the part of the route that is its own. A declaration: the first page is asked for before this line runs. */
function asPage(page: unknown): Page {
  return page as Page;
}
