// The viewer's pass to a stream that is not open to everybody: knocks for it, renews it in time, and says what stands in the way.
import { signal } from '@preact/signals';
import { ApiError, api } from '../api.ts';
import type { Entry, EntryProblem } from './watch-phase.ts';

/** Half of a pass's life is left when it is renewed: time for many tries. */
const RENEW_AT_SHARE = 0.5;
const RETRY_MS = 8_000;

export interface ViewerPass extends ReturnType<typeof keepPass> {}

/** `id`: a stream or a channel. Nothing is asked before the first `knock`. */
export function keepPass(id: string) {
  const entry = signal<Entry>({ kind: 'open' });
  let pass: string | null = null;
  let expiresAtMs = 0;
  let renewAtMs = Number.POSITIVE_INFINITY;
  /** The one that opened; renewals say it again. */
  let password: string | undefined;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isStopped = false;

  const knock = async (given: string | undefined = password): Promise<void> => {
    if (pass === null) entry.value = { kind: 'asking' };
    const answer = await api.pass(id, given).catch((error: unknown) => error);
    if (isStopped) return;
    if (answer instanceof ApiError) refused(answer, given);
    else if (answer instanceof Error) refused(new ApiError(0, null), given);
    else {
      const issued = answer as Awaited<ReturnType<typeof api.pass>>;
      password = given;
      pass = issued.pass;
      expiresAtMs = Date.parse(issued.expiresAt);
      renewIn((expiresAtMs - Date.now()) * RENEW_AT_SHARE);
      entry.value = { kind: 'in' };
    }
  };

  const refused = ({ status, problem }: ApiError, given: string | undefined) => {
    const isFinal = status === 403 || status === 404;
    // Whoever typed a word is told what came of it; everything else is tried again.
    const isTyped = pass === null && given !== undefined;
    if (!isFinal && !isTyped && (pass === null || Date.now() < expiresAtMs)) return renewIn(RETRY_MS);
    pass = null;
    renewAtMs = Number.POSITIVE_INFINITY;
    if (status === 404) entry.value = { kind: 'refused' };
    else entry.value = { kind: 'password', problem: given === undefined ? null : problemOf(status) };
    if (problem?.code === 'password_needed') password = undefined;
  };

  const renewIn = (ms: number) => {
    renewAtMs = Date.now() + ms;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(knock, ms);
  };
  // A tab that slept through its timer asks when it is looked at again.
  const wake = () => {
    if (!document.hidden && Date.now() >= renewAtMs) renewIn(0);
  };
  document.addEventListener('visibilitychange', wake);

  return {
    entry,
    current: (): string | null => pass,
    knock: (given?: string): void => void knock(given),
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}

function problemOf(status: number): EntryProblem {
  if (status === 403) return 'wrong';
  return status === 429 ? 'too_often' : 'unreachable';
}
