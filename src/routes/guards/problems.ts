// Every failure leaves as problem+json (RFC 9457), here and nowhere else.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { matchedRoutes } from 'hono/route';
import type { ZodError } from 'zod';
import { FootlightError, toProblem } from '../../protocol/errors.ts';
import { noteRefusal } from '../audit-note.ts';
import type { AppContext, AppEnv } from '../context.ts';

export function answerError(error: Error, c: AppContext): Response {
  const known = toFootlightError(error);
  if (known.code === 'internal') console.error(`request ${c.get('requestId')} ${c.req.method} ${c.req.path}`, error);
  // The door of sign-ins notes its own.
  if (known.status === 403 && known.code !== 'sign_in_refused') noteRefusedRight(c, known);
  const problem = toProblem(known);
  // Headers that a guard has set already, CORS above all, must be on refusals too.
  const headers = new Headers(c.res.headers);
  for (const name of ['Content-Length', 'ETag']) headers.delete(name);
  headers.set('Content-Type', 'application/problem+json');
  // An answer that states no lifetime may be kept by a cache; a refusal never is.
  headers.set('Cache-Control', 'no-store');
  if (problem.status === 401) headers.set('WWW-Authenticate', challenge(c));
  if (problem.retryAfterSeconds !== undefined) headers.set('Retry-After', String(problem.retryAfterSeconds));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** The one place that every 403 goes through, so that none is missing in the log. The door is in the chain for good; which of the things behind it was asked for can be forgotten. */
function noteRefusedRight(c: AppContext, { message }: FootlightError): void {
  const pattern = doorOf(c);
  const path = withIds(pattern, c.req.path);
  noteRefusal(c, {
    action: 'right.refused',
    target: { type: 'door', id: `${c.req.method} ${pattern}` },
    reason: message,
    ...(path !== pattern && { after: { path } }),
  });
}

/** The door's path as it was written; of a guard that refused before any door, the guard's. */
function doorOf(c: AppContext): string {
  const paths = matchedRoutes(c).map(({ path }) => path);
  return paths.findLast((path) => !path.includes('*')) ?? paths.at(-1) ?? '*';
}

const ID = /^(us|ch|st|ap|gr|wh|dl|ms|bs|al)_[a-z0-9]{4,32}$/;

/** The ids of the path in their places, by which an erasure finds it; a handle, which it would not, stays `:user`. */
function withIds(pattern: string, path: string): string {
  const sent = path.split('/');
  const parts = pattern.split('/').map((part, index) => {
    const id = sent[index] ?? '';
    return part.startsWith(':') && ID.test(id) ? id : part;
  });
  return parts.join('/');
}

export const answerNotFound = (c: AppContext): Response =>
  answerError(new FootlightError('not_found', `Nothing is served at ${c.req.path}. Check the address.`), c);

/** A known path with a wrong method is 405 with Allow, not 404. */
export const namesAllowedMethods = (app: OpenAPIHono<AppEnv>) =>
  methodNotAllowed<AppEnv>({
    app,
    onMethodNotAllowed: (c, methods) => {
      // A preflight that is answered under a wildcard makes no place of every path there.
      if (methods.every((method) => method === 'OPTIONS')) return answerNotFound(c);
      const allow = methods.join(', ');
      const refusal = answerError(
        new FootlightError(
          'method_not_allowed',
          `${c.req.method} is not supported at ${c.req.path}. It takes ${allow}.`,
        ),
        c,
      );
      refusal.headers.set('Allow', allow);
      return refusal;
    },
  });

/** The hook of every OpenAPIHono. */
export function refuseInvalid(result: { target: string } & ({ success: true } | { success: false; error: ZodError })) {
  if (!result.success) throw unfit(PLACES[result.target] ?? result.target, result.error);
}

const PLACES: Record<string, string> = { json: 'body', query: 'query', param: 'path', header: 'headers' };
/** More than these help nobody. */
const MAX_ISSUES = 20;

/** What does not fit its schema is named field by field. */
export function unfit(place: string, error: ZodError): FootlightError {
  const issues = error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({ path: path.join('.'), message }));
  const said = issues.map(({ path, message }) => `${path || place}: ${message}`).join('; ');
  return new FootlightError('invalid_request', `The ${place} does not fit: ${said}.`, { issues });
}

/** What workerd sets on an error of a call to a Durable Object. */
interface ObjectError extends Error {
  /** The object has too much to do; asking again at once makes it worse. */
  overloaded?: boolean;
  /** It moved or was replaced in the middle of the call: a new call finds it. */
  retryable?: boolean;
}

const OVERLOADED_RETRY_SECONDS = 2;

function toFootlightError(error: ObjectError): FootlightError {
  if (error instanceof FootlightError) return error;
  if (error.overloaded || error.retryable) {
    return new FootlightError(
      'overloaded',
      `The object that answers for this is busy or on the move. Wait ${OVERLOADED_RETRY_SECONDS} seconds and try again.`,
      { retryAfterSeconds: OVERLOADED_RETRY_SECONDS },
    );
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new FootlightError(
      'invalid_request',
      `${error.message || 'The request cannot be read'}. Check its body and headers.`,
    );
  }
  return new FootlightError(
    'internal',
    'Something broke on our side. Try again; if it stays, send us the X-Request-Id of this answer.',
  );
}

/** RFC 6750 section 3.1: the error is named only when a credential was sent. */
const challenge = (c: AppContext): string =>
  c.req.header('Authorization') ? 'Bearer realm="footlight", error="invalid_token"' : 'Bearer realm="footlight"';
