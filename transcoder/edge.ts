// The node's two questions to the edge: may this key publish, and here I am.
import { z } from 'zod';
import { FootlightError, Problem } from '../src/protocol/errors.ts';
import { type AuthorizePublish, type Heartbeat, PublishGrant } from '../src/protocol/ingest.ts';

export interface EdgeOptions {
  edgeUrl: string;
  secret: string;
  fetch?: typeof fetch;
}

/** An encoder waits for this answer, so it comes soon or not at all. */
const AUTHORIZE_MS = 5000;
const HEARTBEAT_MS = 2000;

export interface Edge {
  /** The permission, or a FootlightError with the edge's own code. Never retried: the encoder does that. */
  authorize(ask: AuthorizePublish): Promise<PublishGrant>;
  heartbeat(heartbeat: Heartbeat): Promise<void>;
}

export function createEdge({ edgeUrl, secret, fetch: send = fetch }: EdgeOptions): Edge {
  const post = async (path: string, body: unknown, limitMs: number): Promise<unknown> => {
    let answer: Response;
    let text: string;
    try {
      answer = await send(new URL(path, edgeUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(limitMs),
        redirect: 'error',
      });
      text = await answer.text();
    } catch (error) {
      throw new FootlightError('internal', `The edge cannot be reached (${reasonOf(error)}). Try again in a moment.`);
    }
    const json = parseJson(text);
    if (answer.ok) return json;
    const problem = Problem.safeParse(json);
    if (problem.success) throw new FootlightError(problem.data.code, problem.data.detail);
    throw new FootlightError('internal', `The edge answered ${answer.status} without a reason. Try again in a moment.`);
  };
  return {
    authorize: async (ask) => {
      const grant = PublishGrant.safeParse(await post('/api/v1/ingest/authorize', ask, AUTHORIZE_MS));
      if (grant.success) return grant.data;
      throw new FootlightError('internal', `The edge's permission cannot be read: ${z.prettifyError(grant.error)}`);
    },
    heartbeat: async (heartbeat) => {
      await post('/api/v1/ingest/heartbeat', heartbeat, HEARTBEAT_MS);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
