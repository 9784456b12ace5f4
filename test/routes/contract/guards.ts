// What the guards answer at every door, brought about from the door's good request and the document alone.
import { env } from 'cloudflare:workers';
import type { Operation, Parameter } from '../../../src/routes/openapi/document.ts';
import { type Ask, type Case, person, type Scene } from './table.ts';

type Probe = (door: ProbedDoor, scene: Scene, good: Case) => Promise<Response> | null;
export interface ProbedDoor {
  method: string;
  path: string;
  operation: Operation;
}

const BODY_MAX_BYTES = 64 * 1024;
const HEADERS_MAX_LENGTH = 16 * 1024;
const WRITES_MAX = 120;

/** By status and code; a probe answers null where the door gives it nothing to try. */
export const PROBES: Record<string, Probe> = {
  '401 unauthenticated': (door, scene, good) => scene.send({ ...ask(door, good), token: forged(scene.owner.token) }),

  '403 forbidden': (door, scene, good) =>
    door.operation.security && good.as ? scene.send({ ...ask(door, good), token: good.as.weakToken }) : null,

  '400 invalid_request': (door, scene, good) => {
    const sent = ask(door, good);
    const place = placesIn(door)[0];
    if (place) return scene.send({ ...sent, path: withPlace(door, good, place.name, '!') });
    if (door.operation.requestBody) return scene.send({ ...sent, body: '{"' });
    if (queryOf(door).some(({ name }) => name === 'limit'))
      return scene.send({ ...sent, path: `${bare(good)}?limit=x` });
    return null;
  },

  '404 not_found': (door, scene, good) => {
    const place = placesIn(door)[0];
    const [, prefix] = /^\^([a-z]{2})_/.exec(place?.schema.pattern ?? '') ?? [];
    return place && prefix
      ? scene.send({ ...ask(door, good), path: withPlace(door, good, place.name, `${prefix}_nowhere`) })
      : null;
  },

  '412 stale_etag': (door, scene, good) => scene.send(withHeaders(ask(door, good), { 'If-Match': '"stale"' })),

  '413 payload_too_large': (door, scene, good) =>
    scene.send({ ...ask(door, good), body: JSON.stringify({ text: 'x'.repeat(BODY_MAX_BYTES) }) }),

  '415 unsupported_media_type': (door, scene, good) =>
    scene.send(withHeaders({ ...ask(door, good), body: 'x' }, { 'Content-Type': 'text/plain' })),

  '422 idempotency_key_reused': async (door, scene, good) => {
    const sent = withHeaders(ask(door, good), { 'Idempotency-Key': 'contract' });
    await (await scene.send(sent)).arrayBuffer();
    return scene.send({ ...sent, path: `${bare(good)}?other=1` });
  },

  '409 request_under_way': async (door, scene, good) => {
    const sent = withHeaders(ask(door, good), { 'Idempotency-Key': 'contract' });
    await (await scene.send(sent)).arrayBuffer();
    await env.DB.prepare('UPDATE idempotency_keys SET sealed = NULL').run();
    return scene.send(sent);
  },

  '429 rate_limited': async (door, scene, good) => limited(ask(door, good), scene),

  '431 headers_too_large': (door, scene, good) =>
    scene.send(withHeaders(ask(door, good), { 'X-Filler': 'x'.repeat(HEADERS_MAX_LENGTH) })),

  '304': async (door, scene, good) => {
    const first = await scene.send(ask(door, good));
    await first.arrayBuffer();
    return scene.send(withHeaders(ask(door, good), { 'If-None-Match': first.headers.get('ETag') ?? '' }));
  },
};

let hasty: Promise<Ask['as']> | undefined;

/** One who has written too often stays so for all doors; the window is a clock minute, so the haste may have to be made up for. */
async function limited(sent: Ask, scene: Scene): Promise<Response> {
  hasty ??= person();
  const who = await hasty;
  for (let count = 0; count <= WRITES_MAX * 2; count++) {
    const answer = await scene.send({ ...sent, as: who ?? null });
    if (answer.status === 429) return answer;
    await answer.arrayBuffer();
  }
  throw new Error(`${sent.method} ${sent.path} was never slowed down.`);
}

const ask = ({ method }: ProbedDoor, good: Case): Ask => ({ ...good, method });

const withHeaders = (sent: Ask, headers: Record<string, string>): Ask => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});

const placesIn = ({ operation }: ProbedDoor): Parameter[] =>
  (operation.parameters ?? []).filter((one) => one.in === 'path');
const queryOf = ({ operation }: ProbedDoor): Parameter[] =>
  (operation.parameters ?? []).filter((one) => one.in === 'query');

const bare = ({ path }: Case): string => path.split('?')[0] ?? path;

/** The good path with another value in one of its places. */
function withPlace({ path }: ProbedDoor, good: Case, name: string, value: string): string {
  const given = bare(good).split('/');
  return path
    .split('/')
    .map((part, index) => (part === `{${name}}` ? value : (given[index] ?? part)))
    .join('/');
}

/** Another signature under the same claims. */
const forged = (token: string): string => token.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`);
