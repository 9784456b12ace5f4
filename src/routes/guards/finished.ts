// A change that was begun is carried to its end, its trace included, also when its sender hangs up in the middle.
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../context.ts';
import { READS } from './limits.ts';

export const finished = createMiddleware<AppEnv>((c, next) => {
  const run = next();
  if (!READS.includes(c.req.method)) c.executionCtx.waitUntil(run.catch(() => {}));
  return run;
});
