// Idempotency-Key on POST: whoever lost an answer sends the request again and gets that answer, not a second stream.
import { createMiddleware } from 'hono/factory';
import type { Principal } from '../../auth/principal.ts';
import { type AnswerKeys, answerKeys, freshNonce, openAnswer, sealAnswer } from '../../auth/sealed-answer.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { type Claim, claimKey, keepAnswer, releaseKey } from '../../storage/idempotency.ts';
import type { AppContext, AppEnv } from '../context.ts';

/** As the sender likes, a UUID above all; with or without the quotes of a structured field. */
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Doors that need nobody signed in: a viewing pass, a session or a ticket is made anew each time. The document says so of them, too. */
const UNREPEATED = /\/(pass|session|tickets)$/;
const UNDER_WAY_RETRY_SECONDS = 2;
/** What of an answer's head is repeated; the guards add theirs anew. */
const KEPT_HEADERS = ['Content-Type', 'Cache-Control', 'Location'];

interface KeptAnswer {
  status: number;
  headers: [string, string][];
  body: string;
}

/** It stands behind the guards that know the sender and bound the body. Keys of nobody are not looked at. */
export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header('Idempotency-Key');
  const principal = c.get('principal');
  if (c.req.method !== 'POST' || key === undefined || !principal || UNREPEATED.test(c.req.path)) return next();
  if (!KEY.test(key)) {
    throw new FootlightError(
      'invalid_request',
      'The Idempotency-Key does not fit. Send 1 to 255 visible characters, a UUID for example.',
    );
  }
  const keys = await answerKeys(c.env.WRAPPING_KEY, {
    sender: senderOf(principal),
    key: key.replace(/^"(.*)"$/, '$1'),
  });
  const claim: Claim = { id: keys.id, requestHash: await hashOf(c), nowMs: Date.now() };
  const answer = await claimKey(c.env.DB, claim);
  switch (answer.kind) {
    case 'answered':
      return repeat(await openAnswer(keys, answer.sealed));
    case 'another request':
      throw new FootlightError(
        'idempotency_key_reused',
        'The Idempotency-Key came with another path or body before. Use a new key for a new request.',
      );
    case 'under way':
      throw new FootlightError(
        'request_under_way',
        'The first request with this Idempotency-Key has not been answered yet. Ask again for its answer in a moment.',
        { retryAfterSeconds: UNDER_WAY_RETRY_SECONDS },
      );
    case 'claimed':
      await next();
      // What was done stays done: an answer that cannot be kept is given all the same, and a repeat of it waits for a minute.
      await settle(c, { keys, claim }).catch((error) =>
        console.error(`The answer to request ${c.get('requestId')} could not be kept for a repeat.`, error),
      );
      return;
  }
});

/** An app of somebody else, or a token for less, is another sender: it may not read what it could not have asked for. */
const senderOf = ({ id, appId, scopes }: Principal): string => [id, appId ?? 'own', ...[...scopes].sort()].join(' ');

async function hashOf(c: AppContext): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const head = new TextEncoder().encode(`${c.req.method}\n${pathname}${search}\n`);
  const digest = await crypto.subtle.digest('SHA-256', await new Blob([head, await c.req.arrayBuffer()]).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function settle(c: AppContext, { keys, claim }: { keys: AnswerKeys; claim: Claim }): Promise<void> {
  const { status, headers } = c.res;
  // Our own failures and a sender's haste pass, so the next try runs; a cookie is for the browser that asked, once.
  if (status >= 500 || status === 429 || headers.has('Set-Cookie')) return releaseKey(c.env.DB, claim);
  const kept: KeptAnswer = {
    status,
    headers: KEPT_HEADERS.flatMap((name): [string, string][] => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
    body: await c.res.clone().text(),
  };
  await keepAnswer(c.env.DB, claim, await sealAnswer(keys, JSON.stringify(kept), freshNonce()));
}

function repeat(text: string): Response {
  const { status, headers, body } = JSON.parse(text) as KeptAnswer;
  return new Response(body === '' ? null : body, { status, headers: [...headers, ['Idempotency-Replayed', 'true']] });
}
