// What an app sends to the token, revocation and introspection endpoints: a form, and who it is.
import { type Identified, identifyApp } from '../../auth/oauth/app-credentials.ts';
import { repeatedParameter } from '../../domain/oauth/parameters.ts';
import { type OAuthRefusal, refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { type AppContext, networkOf } from '../context.ts';
import { spendOfNetwork, spendWrite } from '../guards/limits.ts';

const FORM = 'application/x-www-form-urlencoded';

export type FromApp = { ok: true; app: AppRecord; form: URLSearchParams } | OAuthRefusal;

/** Reads the form and finds out who sent it; every try costs its network one and, once it is known, the app. */
export async function readFromApp(c: AppContext): Promise<FromApp> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM) return refusal('invalid_request', `Send the parameters as ${FORM}.`);
  const form = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()));
  const repeated = repeatedParameter(form);
  if (repeated) return refusal('invalid_request', `${repeated} is there twice.`);
  // Before anything is looked up: whoever is nobody must not cost us a query each.
  await spendOfNetwork(c, 'oauth');
  const identified: Identified = await identifyApp(c.env.DB, { headers: c.req.raw.headers, form });
  if (!identified.ok) return identified;
  const { app } = identified;
  // Anybody can say the name of a public app: only who does so from one network is slowed down together.
  await spendWrite(c, `oauth:${app.id}${app.type === 'public' ? `:${networkOf(c)}` : ''}`);
  return { ok: true, app, form };
}
