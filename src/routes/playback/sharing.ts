// Readers of one thing share one look at it: within an isolate at once and for a moment after, beyond it through the edge cache.
import type { Refusal } from '../../protocol/origin.ts';
import type { Answer } from './answer.ts';
import { Recent } from './recent.ts';

export type Outcome = Answer | Refusal;

/** Looks under way in this isolate. Each is held by its request, so there are never more than requests. */
const underWay = new Map<string, Promise<Outcome>>();
/** All players of a stream want the newest part within a second: most never get further than here. */
const recent = new Recent();

export interface Shared {
  /** What makes it the same thing: the path and its delivery directives, never a viewer's token. */
  key: string;
  edgeCache: boolean;
  nowMs: number;
  waitUntil(work: Promise<unknown>): void;
  look(): Promise<Outcome>;
}

export function share(shared: Shared): Outcome | Promise<Outcome> {
  const same = recent.find(shared.key, shared.nowMs) ?? underWay.get(shared.key);
  if (same) return same;
  const work = (shared.edgeCache ? throughEdgeCache(shared) : shared.look())
    .then((outcome) => {
      if (isLasting(outcome)) recent.keep(shared.key, outcome, Date.now());
      return outcome;
    })
    .finally(() => underWay.delete(shared.key));
  underWay.set(shared.key, work);
  // The others still wait when the first reader goes away.
  shared.waitUntil(work.catch(() => undefined));
  return work;
}

async function throughEdgeCache({ key, waitUntil, look }: Shared): Promise<Outcome> {
  const cached = await caches.default.match(key);
  if (cached) return fromCache(cached);
  const outcome = await look();
  if (isLasting(outcome)) waitUntil(caches.default.put(key, toCache(outcome)));
  return outcome;
}

/** What passes within a second is not worth a place. */
const isLasting = (outcome: Outcome): outcome is Answer => 'body' in outcome && /max-age=\d\d/.test(outcome.lifetime);

const MADE = 'X-Made-Ms';

const toCache = ({ body, contentType, lifetime, madeMs }: Answer): Response =>
  new Response(body, {
    headers: { 'Content-Type': contentType, 'Cache-Control': lifetime, [MADE]: String(madeMs) },
  });

async function fromCache(response: Response): Promise<Answer> {
  const contentType = response.headers.get('Content-Type') ?? '';
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    body: contentType.includes('mpegurl') ? new TextDecoder().decode(bytes) : bytes,
    contentType,
    lifetime: response.headers.get('Cache-Control') ?? '',
    madeMs: Number(response.headers.get(MADE)),
  };
}
