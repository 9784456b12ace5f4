// The tag of what GET answers: 304 for a reader who has it already, 412 for a writer who read an older one.
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { FootlightError } from '../../protocol/errors.ts';
import type { AppContext } from '../context.ts';

/** Of SHA-256; as much as tells any two representations apart. */
const TAG_BYTES = 16;

const digest = async (body: BufferSource): Promise<ArrayBuffer> =>
  (await crypto.subtle.digest('SHA-256', body)).slice(0, TAG_BYTES);

/** What a page of another site needs to be allowed to read the 304. */
const CORS = ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers'];

/** Every GET that answers 200 gets its tag, made from the bytes of its body. */
export const tagged = etag({ generateDigest: digest, retainedHeaders: [...RETAINED_304_HEADERS, ...CORS] });

/**
 * Refuses a change that was made from an older state (RFC 9110 section 13.1.1); without If-Match every change may come.
 * `present`: what GET answers to this very sender now; asked only where it is compared.
 */
export async function requireFresh(c: AppContext, present: () => object | Promise<object>): Promise<void> {
  if (!isConditional(c)) return;
  const wanted = c.req.header('If-Match') ?? '';
  // A tag that a proxy has made weak by compressing (W/) still names the same representation.
  const tags: readonly string[] = wanted.match(/"[^"]*"/g) ?? [];
  if (tags.includes(await tagOf(await present()))) return;
  throw staleEtag();
}

/** Whether the change may come only to the state that it was made from. `*` is any state, as long as there is one. */
export function isConditional(c: AppContext): boolean {
  const wanted = c.req.header('If-Match');
  return wanted !== undefined && wanted.trim() !== '*';
}

export const staleEtag = (): FootlightError =>
  new FootlightError(
    'stale_etag',
    'It has changed since you read it. GET it again, and send the change with that ETag.',
  );

/** Of a representation as it goes out, quotes included. */
export async function tagOf(representation: object): Promise<string> {
  const bytes = new Uint8Array(await digest(new TextEncoder().encode(JSON.stringify(representation))));
  return `"${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
}
