// When a delivery is tried again, and when it is given up.

/** Seconds before each further try: eight tries over 18 to 21 hours. The last stays within the 12 hours that a queue can hold. */
const DELAYS_SECONDS = [5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600];
export const ATTEMPTS_MAX = DELAYS_SECONDS.length + 1;
/** Up to so much is added by chance, so that the deliveries of one outage do not come back as one wave. */
const JITTER = 0.2;

/** These say when to come back, if anything does. */
const LATER_STATUSES: readonly (number | null)[] = [429, 503];
/** No longer than our own longest wait: with what chance adds, a queue holds that just so. */
const RETRY_AFTER_MAX_SECONDS = 10 * 3600;

/** RFC 9110: 410 says that the address is gone for good. */
const GONE = 410;

export type Verdict =
  | { state: 'delivered' }
  | { state: 'pending'; delaySeconds: number }
  | { state: 'parked'; isGone: boolean };

/**
 * After try number `attempt` (from 1) with this status, null where no answer came; `random` from 0 to 1.
 * `retryAfterSeconds`: what the far end asked for; it makes a wait longer and never shorter.
 */
export function judge({
  status,
  attempt,
  random,
  retryAfterSeconds = null,
}: {
  status: number | null;
  attempt: number;
  random: number;
  retryAfterSeconds?: number | null;
}): Verdict {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered' };
  const delay = DELAYS_SECONDS[attempt - 1];
  if (status === GONE || delay === undefined) return { state: 'parked', isGone: status === GONE };
  const asked = LATER_STATUSES.includes(status) ? Math.min(retryAfterSeconds ?? 0, RETRY_AFTER_MAX_SECONDS) : 0;
  return { state: 'pending', delaySeconds: Math.ceil(Math.max(delay, asked) * (1 + JITTER * random)) };
}
