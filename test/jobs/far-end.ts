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
  /** What the resolver says of a name; production asks it before each try. Null: it is out of order. */
  addresses: { type: number; data: string }[] | null;
  lookedUp: string[];
}

const RESOLVER = 'https://cloudflare-dns.com/dns-query';
const PUBLIC_ADDRESS = { type: 1, data: '93.184.216.34' };

export function startFarEnd(): FarEnd {
  const farEnd: FarEnd = { received: [], answers: [], addresses: [PUBLIC_ADDRESS], lookedUp: [] };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (init?.redirect !== 'manual') throw new Error('would have followed a redirect');
    if (request.url.startsWith(RESOLVER)) return resolve(farEnd, new URL(request.url).searchParams);
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

function resolve({ addresses, lookedUp }: FarEnd, asked: URLSearchParams): Response {
  lookedUp.push(`${asked.get('type')} ${asked.get('name')}`);
  if (addresses === null) return new Response(null, { status: 502 });
  // As the resolver does it: no Answer at all where there is none, and the name that an alias stands for beside the address.
  const type = asked.get('type') === 'AAAA' ? 28 : 1;
  const found = addresses.filter((one) => one.type === type || one.type === 5);
  return Response.json({ Status: found.length > 0 ? 0 : 3, ...(found.length > 0 && { Answer: found }) });
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
