// What stands before every door of the REST API, in order.
import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import type { AppEnv } from '../context.ts';
import { identified } from './authenticate.ts';
import { atMostBytes, limitedWrites, ofType } from './limits.ts';
import { refuseInvalid } from './problems.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** A resource of the API. Other origins may call it with an access token; cookies are not allowed across origins. */
export function apiResource(): OpenAPIHono<AppEnv> {
  const resource = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  resource.use(
    cors({
      origin: '*',
      allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'X-Request-Id'],
      allowMethods: ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
      exposeHeaders: ['Location', 'ETag', 'Retry-After', 'X-Request-Id', 'WWW-Authenticate'],
      maxAge: 600,
    }),
  );
  resource.use(identified, limitedWrites, atMostBytes(MAX_BODY_BYTES), ofType('application/json'));
  return resource;
}
