// The frame of every page: skip link, wordmark, navigation, theme.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { route } from '../router.ts';
import { refreshSession, session } from '../session.ts';
import { Icon } from './icon.tsx';
import './shell.css';
import { ThemeToggle } from './theme-toggle.tsx';

export function Shell({ children }: { children: ComponentChildren }) {
  const name = route.value.name;
  useEffect(() => {
    // A viewer's first seconds belong to the picture.
    if (name !== 'watch' && session.peek() === undefined) void refreshSession();
  }, [name]);
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <header class="site-header">
        <a class="wordmark" href="/" aria-label="Footlight, home">
          <Icon name="footlight" />
          <span>Footlight</span>
        </a>
        <nav aria-label="Main">
          <a href="/" aria-current={name === 'home' ? 'page' : undefined}>
            Live
          </a>
          <a
            href="/studio"
            aria-current={name === 'studio' || name === 'channel' ? 'page' : undefined}
            data-testid="nav-studio"
          >
            Studio
          </a>
          {session.value?.user?.role === 'admin' && (
            <a href="/admin" aria-current={name === 'admin' ? 'page' : undefined} data-testid="nav-admin">
              Audit
            </a>
          )}
          <ThemeToggle />
        </nav>
      </header>
      <main id="main" tabIndex={-1} class={`page page-${name}`}>
        {children}
      </main>
      <footer class="site-footer">
        <span>Footlight</span>
        <span>Live video, about a second behind the lens.</span>
        <a href="/developers">Developers</a>
      </footer>
    </>
  );
}
