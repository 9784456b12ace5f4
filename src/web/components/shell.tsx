// The frame of every page: skip link, wordmark, navigation, theme, account.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { route } from '../router.ts';
import { refreshSession, session } from '../session.ts';
import { AccountMenu } from './account-menu.tsx';
import { Icon } from './icon.tsx';
import './shell.css';
import { ThemeToggle } from './theme-toggle.tsx';

/** The first picture of a stream comes before this. */
const AFTER_THE_PICTURE_MS = 1500;

export function Shell({ children }: { children: ComponentChildren }) {
  const name = route.value.name;
  useEffect(() => {
    const ask = () => session.peek() === undefined && void refreshSession();
    // A viewer's first seconds belong to the picture.
    const timer = setTimeout(ask, name === 'watch' ? AFTER_THE_PICTURE_MS : 0);
    return () => clearTimeout(timer);
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
        <div class="site-header-side">
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
          </nav>
          <ThemeToggle />
          <AccountMenu />
        </div>
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
