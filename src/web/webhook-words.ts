// Webhooks in the words of people. Pure.
import type { Delivery, DeliveryAttempt, SentEventType, WebhookStatus } from '../protocol/webhooks.ts';

export const EVENT_WORDS: Record<SentEventType, string> = {
  'stream.started': 'A stream goes live',
  'stream.ended': 'A stream ends',
  'user.followed': 'Somebody follows',
  'channel_role.given': 'A role is given',
  'channel_role.taken': 'A role is taken',
  'member.invited': 'Somebody is invited',
  'member.removed': 'Somebody is removed',
  'webhook.test': 'A test',
};

export const STATUS_WORDS: Record<WebhookStatus, { name: string; hint: string | null }> = {
  active: { name: 'On', hint: null },
  failing: { name: 'Failing', hint: 'Nothing has arrived since a delivery was given up. Look at the answers below.' },
  disabled: { name: 'Off', hint: null },
  gone: { name: 'Gone', hint: 'Its server said that the address is gone for good (410), so it was switched off.' },
};

/** "Arrived", "Given up after 8 tries", "Failed, tried again at 14:05". */
export function deliveryWords({ state, attempts, nextAttemptAt }: Delivery, clock: (iso: string) => string): string {
  const tries = attempts.length === 1 ? '1 try' : `${attempts.length} tries`;
  if (state === 'delivered') return attempts.length > 1 ? `Arrived after ${tries}` : 'Arrived';
  if (state === 'parked') return attempts.length === 0 ? 'Not sent' : `Given up after ${tries}`;
  if (attempts.length === 0 || nextAttemptAt === null) return 'On its way';
  return `Failed, tried again at ${clock(nextAttemptAt)}`;
}

/** "204 in 12 ms", "no answer within 10 s". */
export const attemptWords = ({ status, durationMs, error }: DeliveryAttempt): string =>
  status === null ? (error ?? 'no answer') : `${status} in ${durationMs} ms`;
