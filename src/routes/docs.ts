// The API to be read by people: one page made from the very document that machines read, without a script.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import { docsPage } from './docs/page.ts';
import { STYLE } from './docs/style.ts';
import { apiDocument } from './openapi.ts';

const KEPT_A_MINUTE = 'public, max-age=60';
/** Its style sheet and the icon are all that it needs; nothing may run. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const showDocs = (app: OpenAPIHono<AppEnv>) => async (c: AppContext) =>
  c.html(await docsPage(apiDocument(app, baseUrl(c))), 200, {
    'Cache-Control': KEPT_A_MINUTE,
    'Content-Security-Policy': POLICY,
  });

export const showDocsStyle = (c: AppContext) =>
  c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': KEPT_A_MINUTE });
