// How much one sender may send: body sizes, content types, and writes per minute.

import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { FootlightError } from '../../protocol/errors.ts';
import { type AppContext, type AppEnv, remoteAddress } from '../context.ts';

/** WRITE_LIMIT of wrangler.toml, for those who are told of it. */
const WRITES_PER_WINDOW = 120;
const WRITE_WINDOW_SECONDS = 60;
const READS = ['GET', 'HEAD', 'OPTIONS'];

export const atMostBytes = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new FootlightError('payload_too_large', `The body is larger than ${maxSize} bytes. Send less.`);
    },
  });

/**
 * A body that is sent must be of this type. Over HTTP an empty body is there all the same, so its length is what counts;
 * it stands behind `atMostBytes`, which bounds what is read.
 */
export const ofType = (type: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const sent = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
    if (!READS.includes(c.req.method) && sent !== type && (await c.req.arrayBuffer()).byteLength > 0) {
      throw new FootlightError(
        'unsupported_media_type',
        `The body came as ${sent || 'no type at all'}. Send it with Content-Type: ${type}.`,
      );
    }
    await next();
  });

/**
 * Spends one write of `who`; over the limit it is refused until the window has passed. The limiter says yes or no and
 * no count, so what is left (RateLimit) is told when it is nothing, and the policy always.
 */
export async function spendWrite(c: AppContext, who: string): Promise<void> {
  c.header('RateLimit-Policy', `"writes";q=${WRITES_PER_WINDOW};w=${WRITE_WINDOW_SECONDS}`);
  const { success } = await c.env.WRITE_LIMIT.limit({ key: who });
  if (success) return;
  c.header('RateLimit', `"writes";r=0;t=${WRITE_WINDOW_SECONDS}`);
  throw new FootlightError('rate_limited', `That was too often. Wait ${WRITE_WINDOW_SECONDS} seconds and try again.`, {
    retryAfterSeconds: WRITE_WINDOW_SECONDS,
  });
}

/** Every write costs its account one, or its address where nobody is signed in. */
export const limitedWrites = createMiddleware<AppEnv>(async (c, next) => {
  if (!READS.includes(c.req.method)) await spendWrite(c, `write:${c.get('principal')?.id ?? remoteAddress(c)}`);
  await next();
});
