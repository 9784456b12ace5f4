// What was sent to a webhook lately, how it went, and a way to send it again.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Delivery } from '../../protocol/webhooks.ts';
import { attemptWords, deliveryWords, EVENT_WORDS } from '../webhook-words.ts';
import { webhooksApi } from '../webhooks-api.ts';
import { clock, moment } from '../words.ts';

interface WebhookDeliveriesProps {
  webhookId: string;
  isOn: boolean;
  /** Another number: something was just sent. */
  lookAgain: number;
  /** A delivery has arrived or was given up: its webhook may have another status. */
  onSettled(): void;
}

interface Problem {
  words: string;
  /** The delivery that could not be sent again; null: the list could not be read. */
  replay: string | null;
}

/** While something is about to be sent. */
const EVERY_MS = 2000;
/** A try that is further away is not waited for. */
const SOON_MS = 60_000;

export function WebhookDeliveries({ webhookId, isOn, lookAgain, onSettled }: WebhookDeliveriesProps) {
  const [deliveries, setDeliveries] = useState<Delivery[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wasWaiting = useRef(false);
  const seenLook = useRef(lookAgain);
  const refresh = useCallback(async () => {
    try {
      const page = await webhooksApi.deliveries(webhookId);
      const isWaiting = page.deliveries.some(isDueSoon);
      if (wasWaiting.current && !isWaiting) onSettled();
      wasWaiting.current = isWaiting;
      setDeliveries(page.deliveries);
      // That the list has come says nothing of what could not be sent again.
      setProblem((known) => (known?.replay ? known : null));
    } catch (error) {
      setProblem({ words: (error as Error).message, replay: null });
    }
  }, [webhookId, onSettled]);
  useEffect(() => {
    // What was just sent may have arrived before the first look at it: that look settles it.
    if (seenLook.current !== lookAgain) wasWaiting.current = true;
    seenLook.current = lookAgain;
    void refresh();
  }, [refresh, lookAgain]);
  const isWaiting = deliveries.some(isDueSoon);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(refresh, EVERY_MS);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);

  const replay = (id: string) => {
    webhooksApi.replay(webhookId, id).then(
      () => {
        setProblem(null);
        wasWaiting.current = true;
        return refresh();
      },
      (error: Error) => setProblem({ words: error.message, replay: id }),
    );
  };
  const said = problem && (
    <div class="message message-bad deliveries-problem" role="alert">
      <span>{problem.words}</span>
      <button
        type="button"
        class="button button-small"
        onClick={() => (problem.replay ? replay(problem.replay) : refresh())}
        data-testid="deliveries-retry"
      >
        Try again
      </button>
    </div>
  );
  if (deliveries.length === 0) return said || <p class="muted">Nothing was sent yet.</p>;
  return (
    <details class="deliveries" open>
      <summary>What was sent lately</summary>
      {said}
      <ul>
        {deliveries.map((delivery) => (
          <li key={delivery.id} class={`delivery delivery-${delivery.state}`} data-testid="delivery">
            <div class="delivery-words">
              <strong>{EVENT_WORDS[delivery.type]}</strong>
              <span class="muted">
                {moment(delivery.createdAt)}
                {delivery.replayOf && ' · sent again'}
              </span>
              <span data-testid="delivery-state">{deliveryWords(delivery, clock)}</span>
              {delivery.attempts.length > 0 && (
                <span class="muted delivery-attempts">
                  {delivery.attempts.map((attempt) => (
                    <span key={attempt.at} title={attempt.answer ?? undefined}>
                      {attemptWords(attempt)}
                    </span>
                  ))}
                </span>
              )}
            </div>
            <button
              type="button"
              class="button button-small button-quiet"
              disabled={!isOn}
              onClick={() => replay(delivery.id)}
              data-testid="delivery-replay"
            >
              Send again
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

const isDueSoon = ({ state, nextAttemptAt }: Delivery): boolean =>
  state === 'pending' && (nextAttemptAt === null || Date.parse(nextAttemptAt) - Date.now() < SOON_MS);
