// How much one sender may send: sizes of headers and bodies, content types, and how often.

import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { FootlightError } from '../../protocol/errors.ts';
import { type AppContext, type AppEnv, networkOf } from '../context.ts';

/** Names and values together. What browsers send with cookies and long addresses of referrers stays below half of it. */
const MAX_HEADER_LENGTH = 16 * 1024;
/** Methods that change nothing. */
export const READS = ['GET', 'HEAD', 'OPTIONS'];

/** The first to look at a request, and cheap: whatever more the others would copy and compare is not there. */
export const boundedHeaders = createMiddleware<AppEnv>(async (c, next) => {
  let length = 0;
  for (const [name, value] of c.req.raw.headers) length += name.length + value.length;
  if (length > MAX_HEADER_LENGTH) {
    throw new FootlightError(
      'headers_too_large',
      `The names and values of the headers have more than ${MAX_HEADER_LENGTH} characters together. Send less: cookies are counted too.`,
    );
  }
  await next();
});

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

/** A limit of wrangler.toml, in the words for those who are told of it. */
interface Policy {
  name: string;
  quota: number;
  windowSeconds: number;
}

const WRITES: Policy = { name: 'writes', quota: 120, windowSeconds: 60 };
/** Many people share a network; who has the whole of one does not get more by changing addresses within it. */
const NETWORKS: Policy = { name: 'network', quota: 600, windowSeconds: 60 };

/** Spends one write of `who`; over the limit it is refused until the window has passed. */
export const spendWrite = (c: AppContext, who: string): Promise<void> => spend(c, WRITES, c.env.WRITE_LIMIT, who);

/** The same for whom nobody knows: of their network, for one thing that is done. */
export const spendOfNetwork = (c: AppContext, what: string): Promise<void> =>
  spend(c, NETWORKS, c.env.NETWORK_LIMIT, `${what}:${networkOf(c)}`);

/** The limiter says yes or no and no count, so what is left (RateLimit) is told when it is nothing, and the policy always. */
async function spend(c: AppContext, { name, quota, windowSeconds }: Policy, limit: RateLimit, who: string) {
  c.header('RateLimit-Policy', `"${name}";q=${quota};w=${windowSeconds}`, { append: true });
  const { success } = await limit.limit({ key: who });
  if (success) return;
  c.header('RateLimit', `"${name}";r=0;t=${windowSeconds}`);
  throw new FootlightError('rate_limited', `That was too often. Wait ${windowSeconds} seconds and try again.`, {
    retryAfterSeconds: windowSeconds,
  });
}

/** Every write costs its account one, or its network where nobody is signed in. */
export const limitedWrites = createMiddleware<AppEnv>(async (c, next) => {
  const principal = c.get('principal');
  if (!READS.includes(c.req.method)) {
    await (principal ? spendWrite(c, `write:${principal.id}`) : spendOfNetwork(c, 'write'));
  }
  await next();
});
