// What stands before every door of the REST API, in order.
import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import type { AppEnv } from '../context.ts';
import { identified } from './authenticate.ts';
import { tagged } from './etag.ts';
import { idempotent } from './idempotency.ts';
import { atMostBytes, limitedWrites, ofType } from './limits.ts';
import { refuseInvalid } from './problems.ts';

const MAX_BODY_BYTES = 64 * 1024;

const ACCEPTED = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id'];
const EXPOSED = [
  'Idempotency-Replayed',
  'Location',
  'ETag',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'WWW-Authenticate',
];

/** A resource of the API. Other origins may call it with an access token; cookies are not allowed across origins. */
export function apiResource(): OpenAPIHono<AppEnv> {
  const resource = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  resource.use(
    cors({
      origin: '*',
      allowHeaders: ACCEPTED,
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      exposeHeaders: EXPOSED,
      maxAge: 600,
    }),
  );
  resource.use(tagged, identified, limitedWrites, atMostBytes(MAX_BODY_BYTES), ofType('application/json'), idempotent);
  return resource;
}

/** Doors that join a resource of the API (`resource.route('/', doors)`), behind its guards. */
export const apiDoors = (): OpenAPIHono<AppEnv> => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
