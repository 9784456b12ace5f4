// What an app sends to the token, revocation and introspection endpoints: a form, and who it is.
import { type Identified, identifyApp } from '../../auth/oauth/app-credentials.ts';
import { repeatedParameter } from '../../domain/oauth/parameters.ts';
import { type OAuthRefusal, refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { type AppContext, remoteAddress } from '../context.ts';
import { spendWrite } from '../guards/limits.ts';

const FORM = 'application/x-www-form-urlencoded';

export type FromApp = { ok: true; app: AppRecord; form: URLSearchParams } | OAuthRefusal;

/** Reads the form and finds out who sent it; every try costs its app and address one, so secrets are not guessed. */
export async function readFromApp(c: AppContext): Promise<FromApp> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM) return refusal('invalid_request', `Send the parameters as ${FORM}.`);
  const form = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()));
  const repeated = repeatedParameter(form);
  if (repeated) return refusal('invalid_request', `${repeated} is there twice.`);
  const identified: Identified = await identifyApp(c.env.DB, { headers: c.req.raw.headers, form });
  await spendWrite(c, `oauth:${identified.ok ? identified.app.id : remoteAddress(c)}`);
  return identified.ok ? { ok: true, app: identified.app, form } : identified;
}
