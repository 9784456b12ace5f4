// Follows a stream's state for as long as the page is open.
import { signal } from '@preact/signals';
import type { WatchState } from '../../protocol/live.ts';
import { withPass } from './pass-url.ts';
import { pollDelayMs } from './poll-plan.ts';
import { noteServerTime, type ServerClock, serverOffsetMs, startServerClock } from './server-clock.ts';

const TIMEOUT_MS = 6_000;

/** Polls `GET /live/{id}/state`, with the viewing pass while there is one; the server is asked again at once when the tab comes back to the front. */
export function followStream(id: string, pass: () => string | null) {
  const watch = signal<WatchState | null>(null);
  const isMissing = signal(false);
  let clock: ServerClock = startServerClock();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isStopped = false;

  const ask = async () => {
    timer = null;
    const sentMs = Date.now();
    try {
      const response = await fetch(withPass(`/live/${id}/state`, pass()), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 404) {
        // An edge that restarts may forget for a moment: believed only when nothing was known, or when it insists.
        failures += 1;
        if (watch.peek() === null || failures >= 5) isMissing.value = true;
      } else if (response.ok) {
        const answer = (await response.json()) as WatchState;
        clock = noteServerTime(clock, { sentMs, receivedMs: Date.now(), serverTimeMs: answer.serverTimeMs });
        failures = 0;
        isMissing.value = false;
        watch.value = answer;
      } else {
        failures += 1;
      }
    } catch {
      failures += 1;
    }
    schedule();
  };

  const schedule = () => {
    if (isStopped) return;
    const isSettled = watch.peek()?.stream?.state === 'ended' || isMissing.peek();
    timer = setTimeout(ask, pollDelayMs({ isHidden: document.hidden, isSettled, failures, random: Math.random() }));
  };

  const wake = () => {
    if (document.hidden || timer === null) return;
    clearTimeout(timer);
    void ask();
  };
  document.addEventListener('visibilitychange', wake);
  void ask();

  return {
    watch,
    isMissing,
    /** Asks now: something has changed that the answer hangs on. */
    refresh() {
      if (timer === null) return;
      clearTimeout(timer);
      void ask();
    },
    /** Unix ms at the edge. */
    serverNowMs: () => Date.now() + serverOffsetMs(clock),
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}
