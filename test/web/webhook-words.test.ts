import { describe, expect, it } from 'vitest';
import { DeliveryId } from '../../src/protocol/ids.ts';
import { type Delivery, type DeliveryAttempt, SentEventType } from '../../src/protocol/webhooks.ts';
import { attemptWords, deliveryWords, EVENT_WORDS } from '../../src/web/webhook-words.ts';

const at = '2026-11-24T12:00:00.000Z';
const failed: DeliveryAttempt = { at, durationMs: 12, status: 500, error: 'answered 500', answer: null };
const delivery = (state: Delivery['state'], tries: number, nextAttemptAt: string | null = null): Delivery => ({
  id: DeliveryId.parse('dl_first'),
  eventId: 'au_first',
  type: 'stream.started',
  state,
  replayOf: null,
  createdAt: at,
  nextAttemptAt,
  attempts: Array.from({ length: tries }, () => failed),
});

describe('the words of the workshop', () => {
  it.each([
    ['Arrived', delivery('delivered', 1)],
    ['Arrived after 3 tries', delivery('delivered', 3)],
    ['Given up after 8 tries', delivery('parked', 8)],
    ['Given up after 1 try', delivery('parked', 1)],
    ['Not sent', delivery('parked', 0)],
    ['On its way', delivery('pending', 0, at)],
    [`Failed, tried again at <${at}>`, delivery('pending', 2, at)],
  ])('say of a delivery: %s', (words, one) => {
    expect(deliveryWords(one, (iso) => `<${iso}>`)).toBe(words);
  });

  it('say of a try what came back, or that nothing did', () => {
    expect(attemptWords(failed)).toBe('500 in 12 ms');
    expect(attemptWords({ ...failed, status: null, error: 'no answer within 10 s' })).toBe('no answer within 10 s');
  });

  it('have a sentence for every event', () => {
    expect(Object.keys(EVENT_WORDS).sort()).toEqual([...SentEventType.options].sort());
  });
});
