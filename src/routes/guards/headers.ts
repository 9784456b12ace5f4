// The first guard: every answer names its request and forbids what a browser need not do with it.
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../context.ts';

const SENT_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** What is no page needs nothing: nothing may frame it, run in it or be guessed from its bytes. */
const HARDENED = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000',
} as const;

export const hardened = createMiddleware<AppEnv>(async (c, next) => {
  const sentId = c.req.header('X-Request-Id');
  const requestId = sentId && SENT_ID.test(sentId) ? sentId : crypto.randomUUID();
  c.set('requestId', requestId);
  await next();
  const { webSocket } = c.res;
  if (webSocket) {
    // The socket goes on as it came; only a new head can carry the id.
    const head = new Headers(c.res.headers);
    head.set('X-Request-Id', requestId);
    c.res = undefined;
    c.res = new Response(null, { status: 101, webSocket, headers: head });
    return;
  }
  c.res.headers.set('X-Request-Id', requestId);
  for (const [name, value] of Object.entries(HARDENED)) {
    // A page says its own policy.
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
});
