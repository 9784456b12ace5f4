// The control door: where the edge relays WHIP, and where anybody may ask whether the node is well.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { FootlightError, toProblem } from '../src/protocol/errors.ts';
import { SessionId } from '../src/protocol/ids.ts';
import { type WhipAnswer, WhipOffer, WhipPatch } from '../src/protocol/ingest.ts';

export interface ControlOptions {
  secret: string;
  /** Each may throw a FootlightError, which is answered as it is. */
  offer: (offer: WhipOffer) => Promise<WhipAnswer>;
  patch: (sessionId: SessionId, patch: WhipPatch) => Promise<void>;
  /** False when there is no such session. */
  remove: (sessionId: SessionId) => Promise<boolean>;
  health: () => Record<string, unknown>;
  /** A mistake of ours behind an answer of 500. */
  onFailure: (error: unknown) => void;
}

export interface ControlServer {
  /** Rejects with the error of the socket, e.g. EADDRINUSE. */
  listen(host: string, port: number): Promise<{ port: number }>;
  close(): Promise<void>;
}

/** An offer of 100,000 characters, escaped as JSON, with its grant. */
const MAX_BODY_BYTES = 256 * 1024;
const REQUEST_MS = 5000;

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export function createControlServer(options: ControlOptions): ControlServer {
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1000 },
    (request, response) => {
      answer(request, options)
        .catch((error: unknown) => toAnswer(error, options))
        .then((result) => send(response, result))
        .catch(options.onFailure);
    },
  );
  server.maxConnections = 256;
  return {
    listen: (host, port) => listen(server, host, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, options: ControlOptions): Promise<Answer> {
  const { method = 'GET' } = request;
  const [pathname = '/'] = (request.url ?? '/').split('?');
  if (pathname === '/healthz') {
    if (method !== 'GET' && method !== 'HEAD') throw notSupported(method, 'GET');
    return { status: 200, body: options.health() };
  }
  if (!isAuthorized(request.headers.authorization, options.secret)) {
    throw new FootlightError('unauthenticated', 'The control door asks for the node secret as a bearer token.');
  }
  if (pathname === '/whip/sessions') {
    if (method !== 'POST') throw notSupported(method, 'POST');
    return { status: 201, body: await options.offer(await readBody(request, WhipOffer)) };
  }
  const sessionId = SessionId.safeParse(/^\/whip\/sessions\/([^/]+)$/.exec(pathname)?.[1]);
  if (!sessionId.success) throw new FootlightError('not_found', `There is nothing at ${pathname.slice(0, 100)}.`);
  if (method === 'PATCH') {
    await options.patch(sessionId.data, await readBody(request, WhipPatch));
    return { status: 204 };
  }
  if (method !== 'DELETE') throw notSupported(method, 'PATCH, DELETE');
  if (await options.remove(sessionId.data)) return { status: 200 };
  throw new FootlightError('not_found', 'There is no such session: it has ended, or was never here.');
}

/** Equal time for every wrong token, whatever its length: the hashes are compared. */
function isAuthorized(header: string | undefined, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${secret}`));
}

async function readBody<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > MAX_BODY_BYTES) {
      throw new FootlightError('payload_too_large', `The body is over ${MAX_BODY_BYTES} bytes.`);
    }
    pieces.push(piece as Buffer);
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(pieces).toString('utf8')));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new FootlightError('invalid_request', 'The body does not have the agreed form.', { issues });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toAnswer(error: unknown, { onFailure }: ControlOptions): Answer {
  const isForeseen = error instanceof FootlightError;
  if (!isForeseen) onFailure(error);
  const known = isForeseen
    ? error
    : new FootlightError('internal', 'The transcoder made a mistake. Try again in a moment.');
  const { retryAfterSeconds } = known.facts;
  return {
    status: known.status,
    body: toProblem(known),
    headers: {
      'content-type': 'application/problem+json',
      // A body that was not read to its end leaves the connection unusable.
      ...(known.code === 'payload_too_large' ? { connection: 'close' } : {}),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  // RFC 9110 8.6: no Content-Length in a 204.
  const length = status === 204 ? {} : { 'content-length': String(bytes.length) };
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...length,
    ...headers,
  });
  response.end(bytes);
}

function listen(server: Server, host: string, port: number): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve({ port: (server.address() as AddressInfo).port });
    });
  });
}

const notSupported = (method: string, allowed: string) =>
  new FootlightError('method_not_allowed', `${method} is not supported here; ${allowed} is.`);
