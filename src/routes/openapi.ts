// The description of the API, made from the very schemas that the doors check.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Action, scopeOf } from '../domain/access.ts';
import type { Scope } from '../protocol/claims.ts';
import { Problem } from '../protocol/errors.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import type { ApiDocument } from './openapi/document.ts';
import { withGuards } from './openapi/guards.ts';

export { refusals } from './openapi/refusals.ts';

/** Answers with the document. */
export const describeApi = (app: OpenAPIHono<AppEnv>) => (c: AppContext) =>
  c.json(apiDocument(app, baseUrl(c)), 200, {
    'Cache-Control': 'public, max-age=60',
    'Access-Control-Allow-Origin': '*',
  });

let described: ApiDocument | undefined;

/** Made once per isolate: the doors do not change while it runs. */
export function apiDocument(app: OpenAPIHono<AppEnv>, base: string): ApiDocument {
  described ??= describe(app);
  return { ...described, servers: [{ url: base }] };
}

function describe(app: OpenAPIHono<AppEnv>): ApiDocument {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token with the scope that the door names, or the session cookie of our own pages',
  });
  const { $schema: _dialect, ...problem } = z.toJSONSchema(Problem, { io: 'input' });
  registry.registerComponent('schemas', 'Problem', problem as object);
  const info = {
    title: 'Footlight',
    version: '1',
    description: 'Go live and watch. Errors are problem+json (RFC 9457). To be read at /api/docs.',
  };
  return withGuards(app.getOpenAPI31Document({ openapi: '3.1.0', info }) as unknown as ApiDocument);
}

/** What a door that needs a signed-in user adds to its description: the scope that a token must have. */
export const forScope = (scope: Scope) => ({ security: [{ accessToken: [scope] }] });
/** The same, from the table of access. */
export const forAction = (action: Action) => {
  const scope = scopeOf(action);
  return scope === 'ours' ? forSignedIn : forScope(scope);
};
export const forSignedIn = { security: [{ accessToken: [] }] };

export const json = <Schema>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});
