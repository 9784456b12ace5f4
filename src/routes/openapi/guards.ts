// What the guards do at every door, written into the document once: their refusals, headers and parameters.
import type { ErrorCode } from '../../protocol/errors.ts';
import { type ApiDocument, doorsOf, type Operation, type Parameter, type ResponseDescription } from './document.ts';
import { codesOf, withRefusals } from './refusals.ts';

const IF_MATCH: Parameter = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of the state that you read. The change is refused when that is no longer the present one.',
  schema: { type: 'string' },
};
const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag that you have. 304 when it is still the present one.',
  schema: { type: 'string' },
};

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Of your choice, a UUID for example. The same request with the same key is answered again and done once.',
  schema: { type: 'string', maxLength: 255 },
};

/** What no rule foresees; the same at every door. */
const UNFORESEEN: ResponseDescription = {
  description: '`internal`: Something broke on our side. `overloaded`: More is asked than can be answered',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Changes the document in place. */
export function withGuards(document: ApiDocument): ApiDocument {
  for (const { method, operation } of doorsOf(document)) {
    operation.parameters = [...(operation.parameters ?? []), ...headersOf(method, operation)];
    operation.responses = { ...withRefusals(operation.responses, guardCodes(method, operation)), '5XX': UNFORESEEN };
    if (method === 'get') forReaders(operation);
    if (method !== 'get') limited(operation);
  }
  return document;
}

function headersOf(method: string, operation: Operation): Parameter[] {
  if (method === 'get') return [IF_NONE_MATCH];
  if (method === 'post' && operation.security) return [IDEMPOTENCY_KEY];
  return codesOf(operation.responses[412]).includes('stale_etag') ? [IF_MATCH] : [];
}

const REPEATS: ErrorCode[] = ['invalid_request', 'request_under_way', 'idempotency_key_reused'];

function guardCodes(method: string, { security, parameters = [], requestBody }: Operation): ErrorCode[] {
  const isParsed = requestBody !== undefined || parameters.some((one) => one.in !== 'header');
  return [
    // A wrong token is refused even where none is needed, and so are too many headers.
    'unauthenticated',
    'headers_too_large',
    ...(isParsed ? (['invalid_request'] as const) : []),
    ...(security ? (['forbidden'] as const) : []),
    ...(method === 'post' && security ? REPEATS : []),
    ...(method === 'get' ? [] : (['payload_too_large', 'unsupported_media_type', 'rate_limited'] as const)),
  ];
}

const text = (description: string) => ({ description, schema: { type: 'string' } });

function forReaders({ responses }: Operation): void {
  if (!responses[200]) return;
  responses[200].headers = { ...responses[200].headers, ETag: text('The tag of exactly this answer') };
  responses[304] ??= { description: 'It is as you have it' };
}

function limited({ responses }: Operation): void {
  const policy = text('How many writes an account, else a network, has: q in w seconds');
  for (const [status, response] of Object.entries(responses)) {
    if (status.startsWith('2')) response.headers = { ...response.headers, 'RateLimit-Policy': policy };
  }
  const refused = responses[429];
  if (!refused) return;
  refused.headers = {
    'RateLimit-Policy': policy,
    RateLimit: text('Nothing is left (r=0) until t seconds have passed'),
    'Retry-After': text('The same in seconds alone'),
  };
}
