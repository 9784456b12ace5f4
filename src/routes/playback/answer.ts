// How playback answers: types, lifetimes and the headers that scripts of other sites may read.
import { FootlightError, toProblem } from '../../protocol/errors.ts';
import type { Refusal } from '../../protocol/origin.ts';

/** hls.js reads Age to find the edge of a cached playlist; hidden from it, it would count as zero. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'Range',
  'Access-Control-Max-Age': '86400',
  'Access-Control-Expose-Headers': 'Age, Date, Retry-After, Content-Length, Content-Range, X-Request-Id',
} as const;

export const LIFETIME = {
  /** Its URL never means other bytes. */
  immutable: 'public, max-age=1209600, immutable',
  /** A blocking request that was met: six target durations (Apple). */
  settled: 'public, max-age=12',
  /** A playlist as it is now. */
  passing: 'public, max-age=1',
  /** Half a segment. */
  multivariant: 'public, max-age=1',
  poster: 'public, max-age=5',
  /** What is not there may come at any moment. */
  none: 'no-store',
} as const;

export interface Answer {
  body: string | Uint8Array;
  contentType: string;
  lifetime: string;
  /** When it was made, Unix ms. */
  madeMs: number;
}

export function toResponse(answer: Answer, nowMs: number, range?: string): Response {
  const bytes = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body;
  const headers: Record<string, string> = {
    ...CORS,
    'Content-Type': answer.contentType,
    'Cache-Control': answer.lifetime,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    Date: new Date(nowMs).toUTCString(),
    // Must be true: players skip ahead by it.
    Age: String(Math.max(0, Math.floor((nowMs - answer.madeMs) / 1000))),
  };
  if (typeof answer.body === 'string') return new Response(bytes, { headers });
  headers['Accept-Ranges'] = 'bytes';
  const wanted = range === undefined ? null : readRange(range, bytes.byteLength);
  if (wanted === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'Cache-Control': LIFETIME.none, 'Content-Range': `bytes */${bytes.byteLength}` },
    });
  }
  if (!wanted) return new Response(bytes, { headers });
  headers['Content-Range'] = `bytes ${wanted.first}-${wanted.last}/${bytes.byteLength}`;
  return new Response(bytes.subarray(wanted.first, wanted.last + 1), { status: 206, headers });
}

/** Refusals are shared for a second at most, so that a flood of them does not reach the origin; a 404 not at all, nor what `isShut`. */
export function toRefusal(
  { code, detail, retryAfterSeconds }: Omit<Refusal, 'ok'>,
  nowMs: number,
  { isShut = false } = {},
): Response {
  const problem = toProblem(
    new FootlightError(code, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  );
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...CORS,
      'Content-Type': 'application/problem+json',
      'Cache-Control': problem.status === 404 || isShut ? LIFETIME.none : LIFETIME.passing,
      Date: new Date(nowMs).toUTCString(),
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
  });
}

export const toPreflight = (): Response =>
  new Response(null, { status: 204, headers: { ...CORS, 'Cache-Control': 'public, max-age=86400' } });

/** One range of bytes (RFC 9110 section 14.1.2); null where the whole is to be sent: no range, several, or another unit. */
function readRange(range: string, length: number): { first: number; last: number } | 'unsatisfiable' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? [];
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (first >= length || (from === '' && Number(to) === 0)) return 'unsatisfiable';
  return first > last ? null : { first, last };
}
