// What the tests of the doors share: people with tokens, a node, and a stream to work on.
import { env, exports } from 'cloudflare:workers';
import { signAccessToken } from '../../src/auth/access-token.ts';
import { castMember } from '../../src/auth/local-cast.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Scope } from '../../src/protocol/claims.ts';
import type { Problem } from '../../src/protocol/errors.ts';

export const BASE = 'http://edge.test';
export const NODE_SECRET = 'test-node-secret-test-node-secret';

const { default: worker } = exports as unknown as { default: Fetcher };

/** A request to the Worker, as it would come in. */
export const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  worker.fetch(new Request(BASE + path, init));

const tokens = new Map<string, Promise<string>>();

/** An access token of a seeded person. */
export function tokenOf(handle: string, scopes?: readonly Scope[]): Promise<string> {
  const key = `${handle} ${scopes?.join(' ')}`;
  const token =
    tokens.get(key) ??
    signingKey(env.TOKEN_KEY).then((signing) =>
      signAccessToken(signing, {
        base: BASE,
        userId: castMember(handle)!.id,
        clientId: 'test',
        nowSeconds: Math.floor(Date.now() / 1000),
        lifetimeSeconds: 600,
        ...(scopes && { scopes }),
      }),
    );
  tokens.set(key, token);
  return token;
}

/** A request of a seeded person; null: of nobody. */
export async function as(handle: string | null, method: string, path: string, body?: unknown): Promise<Response> {
  return call(path, {
    method,
    headers: {
      ...(handle && { Authorization: `Bearer ${await tokenOf(handle)}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function openStream(handle = 'ada', settings: object = {}): Promise<CreatedStream> {
  const response = await as(handle, 'POST', '/api/v1/streams', { title: 'A walk by the sea', ...settings });
  if (response.status !== 201) throw new Error(await response.text());
  return response.json();
}

/** A request of a transcoder node. */
export const asNode = (method: string, path: string, body?: unknown, secret = NODE_SECRET): Promise<Response> =>
  call(path, {
    method,
    headers: { Authorization: `Bearer ${secret}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export const heartbeat = (overrides: object = {}) => ({
  nodeId: 'nd_test1',
  controlUrl: 'http://node-one.test:9000',
  rtmpUrl: 'rtmp://node-one.test:1935/live',
  region: 'eu',
  capacityUnits: 4,
  usedUnits: 0,
  draining: false,
  sessions: [],
  ...overrides,
});

/** Asks for leave to publish as the RTMP door of a node does. */
export const authorize = (streamKey: string, overrides: object = {}): Promise<Response> =>
  asNode('POST', '/api/v1/ingest/authorize', {
    nodeId: 'nd_test1',
    streamKey,
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    ...overrides,
  });

/** The problem of a refusal, with its status checked against its body and headers. */
export async function problemOf(response: Response): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  if (response.headers.get('Content-Type') !== 'application/problem+json') throw new Error('not problem+json');
  if (problem.status !== response.status) throw new Error(`says ${problem.status}, is ${response.status}`);
  if (response.headers.get('Cache-Control') !== 'no-store') throw new Error('a refusal may not be kept');
  return problem;
}

/** Repeats a request until it is slowed down. The window is a clock minute, so two limits' worth always meet one. */
export async function untilLimited(ask: () => Promise<Response>): Promise<{ statuses: number[]; limited: Response }> {
  const statuses: number[] = [];
  for (let index = 0; index < 260; index++) {
    const response = await ask();
    if (response.status === 429) return { statuses, limited: response };
    statuses.push(response.status);
  }
  throw new Error(`was never slowed down in ${statuses.length} requests`);
}
