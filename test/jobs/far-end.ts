// The server of a webhook, answering from memory in place of fetch, and a queue that keeps what it is given.
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { consume } from '../../src/jobs/queues.ts';
import type { WebhookMessage } from '../../src/protocol/webhooks.ts';

export interface Received {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface FarEnd {
  received: Received[];
  /** What it answers next, one by one; then 204. */
  answers: (() => Response | Promise<Response>)[];
}

export function startFarEnd(): FarEnd {
  const farEnd: FarEnd = { received: [], answers: [] };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (init?.redirect !== 'manual') throw new Error('would have followed a redirect');
    farEnd.received.push({
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
    const answer = farEnd.answers.shift();
    return answer ? answer() : new Response(null, { status: 204 });
  });
  return farEnd;
}

/** The Worker's bindings with a queue whose messages the test hands on itself. */
export function envWithQueue(): { env: Env; messages: WebhookMessage[] } {
  const messages: WebhookMessage[] = [];
  const sendBatch = async (batch: Iterable<MessageSendRequest<WebhookMessage>>) => {
    messages.push(...[...batch].map(({ body }) => body));
  };
  return { env: { ...env, WEBHOOKS: { sendBatch } as unknown as Queue<WebhookMessage> }, messages };
}

/** Hands messages to the consumer: which are done, and after how many seconds the others come again. */
export async function handOn(
  bodies: readonly unknown[],
  { queue = 'footlight-webhooks', bindings = env as Env }: { queue?: string; bindings?: Env } = {},
): Promise<{ done: number[]; again: (number | undefined)[] }> {
  const done: number[] = [];
  const again: (number | undefined)[] = [];
  const messages = bodies.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    attempts: 1,
    body,
    ack: () => void done.push(index),
    retry: (options?: QueueRetryOptions) => void again.push(options?.delaySeconds),
  }));
  const ackAll = () => void done.push(...bodies.keys());
  await consume({ queue, messages, ackAll } as unknown as MessageBatch, bindings);
  return { done, again };
}
