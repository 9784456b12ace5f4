// A transcoder node as the edge sees it: the control door of INGEST, answering from memory. It stands in for fetch.
import { vi } from 'vitest';
import { type ErrorCode, FootlightError, toProblem } from '../../src/protocol/errors.ts';
import { WhipOffer, WhipPatch } from '../../src/protocol/ingest.ts';
import { asNode, heartbeat, NODE_SECRET } from './support.ts';

export const ANSWER =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly\r\n';
export const ETAG = '"ice-1"';

export interface FakeNode {
  /** What it refuses new sessions with; null: it takes them. */
  refuses: ErrorCode | 'silence' | 'nonsense' | null;
  offers: WhipOffer[];
  patches: WhipPatch[];
  /** Sessions that somebody asked to end. */
  ended: string[];
  sessions: Set<string>;
}

/** Nodes by host name; every one of them has reported itself to the fleet. */
export async function startNodes<Host extends string>(hosts: readonly Host[]): Promise<Record<Host, FakeNode>> {
  const nodes = Object.fromEntries(
    hosts.map((host) => [host, { refuses: null, offers: [], patches: [], ended: [], sessions: new Set() } as FakeNode]),
  ) as Record<Host, FakeNode>;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const node = nodes[new URL(request.url).hostname as Host];
    if (!node) throw new TypeError(`nothing listens at ${request.url}`);
    return answer(node, request, init?.signal ?? undefined);
  });
  for (const [index, host] of hosts.entries()) {
    // The first is the least loaded, hence the first choice.
    const load = { capacityUnits: 1000, usedUnits: index * 500 };
    const body = heartbeat({ nodeId: `nd_${host.split('.')[0]}`, controlUrl: `http://${host}:9000/`, ...load });
    await asNode('POST', '/api/v1/ingest/heartbeat', body);
  }
  return nodes;
}

async function answer(node: FakeNode, request: Request, signal?: AbortSignal): Promise<Response> {
  if (request.headers.get('Authorization') !== `Bearer ${NODE_SECRET}`) return refusal('unauthenticated');
  const [, sessionId] = /^\/whip\/sessions(?:\/(\w+))?$/.exec(new URL(request.url).pathname) ?? [];
  if (request.method === 'POST') return start(node, WhipOffer.parse(await request.json()), signal);
  if (request.method === 'DELETE') node.ended.push(sessionId!);
  if (!node.sessions.has(sessionId ?? '')) return refusal('not_found');
  if (request.method === 'DELETE') {
    node.sessions.delete(sessionId!);
    return new Response(null, { status: 200 });
  }
  const patch = WhipPatch.parse(await request.json());
  if (![ETAG, '*', '"*"'].includes(patch.ifMatch)) return refusal('stale_etag');
  if (patch.fragment.includes('restart')) return refusal('unsupported_media');
  node.patches.push(patch);
  return new Response(null, { status: 204 });
}

function start(node: FakeNode, offer: WhipOffer, signal?: AbortSignal): Response | Promise<Response> {
  node.offers.push(offer);
  if (node.refuses === 'silence') {
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  }
  if (node.refuses === 'nonsense') return Response.json({ hello: 'world' }, { status: 201 });
  if (node.refuses) return refusal(node.refuses);
  node.sessions.add(offer.grant.sessionId);
  return Response.json({ answer: ANSWER, etag: ETAG }, { status: 201 });
}

function refusal(code: ErrorCode): Response {
  const problem = toProblem(new FootlightError(code, `The node says ${code}.`));
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
