// The description of the API, made from the very schemas that the doors check.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from '../protocol/errors.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';

export const describeApi = (app: OpenAPIHono<AppEnv>) => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token, or the session cookie of our own pages',
  });
  return (c: AppContext) =>
    c.json(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Footlight',
          version: '1',
          description: 'Go live and watch. Errors are problem+json (RFC 9457).',
        },
        servers: [{ url: baseUrl(c) }],
      }),
      200,
      { 'Cache-Control': 'public, max-age=60', 'Access-Control-Allow-Origin': '*' },
    );
};

/** What a door that needs a signed-in user adds to its description. */
export const forSignedIn = { security: [{ accessToken: [] }] };

export const json = <Schema>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Any door may refuse; each refusal has this shape. */
export const problems = {
  default: { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } },
};
