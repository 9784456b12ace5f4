// One request to the control door of a node, with a time limit, its refusal turned back into ours.
import type { z } from 'zod';
import { FootlightError, Problem } from '../../protocol/errors.ts';
import { toError } from '../refusals.ts';

/** Ample for a node that is alive: it answers from its own memory. */
const DEFAULT_PATIENCE_MS = 4000;

export interface NodeAsk {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  patienceMs?: number;
}

/** Throws what the node refuses with, and `no_capacity` when it cannot be reached in time. */
export async function askNode(env: Env, controlUrl: string, ask: NodeAsk): Promise<Response> {
  const response = await fetch(controlUrl.replace(/\/+$/, '') + ask.path, {
    method: ask.method,
    headers: { Authorization: `Bearer ${env.NODE_SECRET}`, 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(ask.patienceMs ?? DEFAULT_PATIENCE_MS),
    ...(ask.body !== undefined && { body: JSON.stringify(ask.body) }),
  }).catch((error: unknown) => {
    throw unreachable(controlUrl, String(error));
  });
  if (response.ok) return response;
  throw await refusalOf(response, controlUrl);
}

/** The same, where the answer has a body to be read. */
export async function askNodeFor<Schema extends z.ZodType>(
  env: Env,
  controlUrl: string,
  { schema, ...ask }: NodeAsk & { schema: Schema },
): Promise<z.infer<Schema>> {
  const response = await askNode(env, controlUrl, ask);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw unreachable(controlUrl, 'it gave an answer that is not one of ours');
}

async function refusalOf(response: Response, controlUrl: string): Promise<FootlightError> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  // A node that refuses us (401) has another secret: that is our fault, not the encoder's.
  if (!problem.success || response.status === 401) return unreachable(controlUrl, `it answered ${response.status}`);
  return toError(problem.data);
}

function unreachable(controlUrl: string, why: string): FootlightError {
  console.warn(`the node at ${controlUrl} did not do its part: ${why}`);
  return new FootlightError('no_capacity', 'The transcoder did not answer. Try again in a few seconds.', {
    retryAfterSeconds: 3,
  });
}
