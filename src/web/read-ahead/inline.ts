// Runs inside index.html, before any other code has come (vite.config.ts puts it there).
import { FIRST_ANSWERS_ID, type FirstAnswer } from '../../protocol/first-answers.ts';
import { isWatchPage, type ReadAhead, readAhead } from './read-ahead.ts';
import { openStage, type Stage } from './stage.ts';
import { standIn } from './stand-in.ts';

/** The player gives up on a first byte after as long. */
const LIMIT_MS = 8_000;

declare global {
  interface Window {
    /** Missing where the page was not served by its own index.html. */
    footlightReadAhead?: ReadAhead;
    /** Until the player has taken it. */
    footlightStage?: Stage | undefined;
  }
}

window.footlightReadAhead = readAhead({
  href: location.href,
  given: JSON.parse(document.getElementById(FIRST_ANSWERS_ID)?.textContent ?? '[]') as FirstAnswer[],
  givenAtMs: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseStart,
  fetch: (url) => fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) }),
  nowMs: () => performance.now(),
});
// After the requests: they are what takes time.
if (isWatchPage(location.href)) {
  const stage = openStage(window.footlightReadAhead.asked);
  window.footlightStage = stage;
  const show = () => window.footlightStage === stage && standIn(stage.video);
  stage.video.addEventListener('loadeddata', show, { once: true });
}
