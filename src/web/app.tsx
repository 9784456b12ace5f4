// The frame around every page, and the page that the address names.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Shell } from './components/shell.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { WatchPage } from './pages/watch.tsx';
import { route } from './router.ts';
import type { Route } from './routes.ts';

type Page = ComponentType<{ route: Route }>;
type LazyName = Exclude<Route['name'], 'missing' | 'watch'>;

const PAGES: Record<LazyName, () => Promise<Page>> = {
  admin: async () => asPage((await import('./pages/admin.tsx')).AdminPage),
  home: async () => asPage((await import('./pages/home.tsx')).HomePage),
  'sign-in': async () => asPage((await import('./pages/sign-in.tsx')).SignInPage),
  studio: async () => asPage((await import('./pages/studio.tsx')).StudioPage),
  consent: async () => asPage((await import('./pages/consent.tsx')).ConsentPage),
  developers: async () => asPage((await import('./pages/developers.tsx')).DevelopersPage),
  settings: async () => asPage((await import('./pages/settings.tsx')).SettingsPage),
  receipt: async () => asPage((await import('./pages/receipt.tsx')).ReceiptPage),
  chat: async () => asPage((await import('./pages/chat.tsx')).ChatPage),
  overlay: async () => asPage((await import('./pages/overlay.tsx')).OverlayPage),
  moderation: async () => asPage((await import('./pages/moderation.tsx')).ModerationPage),
  everywhere: async () => asPage((await import('./pages/everywhere.tsx')).EverywherePage),
  moderate: async () => asPage((await import('./pages/moderate.tsx')).ModeratePage),
  channel: async () => asPage((await import('./pages/channel-studio.tsx')).ChannelStudioPage),
};
/** What has come so far; a page is drawn the moment its code is here. Most who come here come to watch: that page is in the first file. */
const loaded = signal<Partial<Record<LazyName | 'watch', Page>>>({ watch: asPage(WatchPage) });
const failed = signal(false);
// Before the first render: nothing on the screen delays the code of the page.
load(route.peek().name);

export function App() {
  const current = route.value;
  useEffect(() => load(current.name), [current.name]);
  const Current = current.name === 'missing' ? NotFoundPage : loaded.value[current.name];
  const page = Current ? (
    <Current route={current} key={location.pathname} />
  ) : failed.value ? (
    <LoadFailure />
  ) : (
    <div class="page-loading" />
  );
  // These are all there is in their window.
  if (current.name === 'chat' || current.name === 'overlay') return page;
  return <Shell>{page}</Shell>;
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

function load(name: Route['name']): void {
  if (name === 'missing' || name === 'watch' || loaded.peek()[name]) return;
  PAGES[name]().then(
    (page) => {
      loaded.value = { ...loaded.peek(), [name]: page };
    },
    () => {
      failed.value = true;
    },
  );
}

/** Each page reads the part of the route that is its own. A declaration: the first page is asked for before this line runs. */
function asPage(page: unknown): Page {
  return page as Page;
}
