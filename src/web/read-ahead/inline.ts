// Runs inside index.html, before any other code has come (vite.config.ts puts it there).
import { type ReadAhead, readAhead } from './read-ahead.ts';

/** The player gives up on a first byte after as long. */
const LIMIT_MS = 8_000;

declare global {
  interface Window {
    /** Missing where the page was not served by its own index.html. */
    footlightReadAhead?: ReadAhead;
  }
}

window.footlightReadAhead = readAhead({
  href: location.href,
  fetch: (url) => fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) }),
  nowMs: () => performance.now(),
});
