// Which app is asking at the OAuth endpoints, and is it? (RFC 6749 section 2.3)
import { parameter } from '../../domain/oauth/parameters.ts';
import { AppId } from '../../protocol/ids.ts';
import { type OAuthRefusal, refusal } from '../../protocol/oauth.ts';
import { type AppRecord, findApp } from '../../storage/apps.ts';
import { hashSecret, isSameSecret } from '../secrets.ts';

export type Identified = { ok: true; app: AppRecord } | OAuthRefusal;

/** A confidential app proves itself with its secret, in the header or the body; a public one only says its name. */
export async function identifyApp(
  db: D1Database,
  { headers, form }: { headers: Headers; form: URLSearchParams },
): Promise<Identified> {
  const sent = readCredentials(headers, form);
  if (!sent.ok) return sent;
  const id = AppId.safeParse(sent.clientId);
  const app = id.success ? await findApp(db, id.data) : null;
  if (!app) return refusal('invalid_client', 'There is no app with this client_id. It may have been deleted.');
  if (app.type === 'public') {
    return sent.secret === null ? { ok: true, app } : refusal('invalid_client', 'A public app has no secret to send.');
  }
  const isProven = sent.secret !== null && (await isSameSecret(await hashSecret(sent.secret), app.secretHash ?? ''));
  return isProven ? { ok: true, app } : refusal('invalid_client', 'The client secret is missing or wrong.');
}

type Credentials = { ok: true; clientId: string; secret: string | null } | OAuthRefusal;

function readCredentials(headers: Headers, form: URLSearchParams): Credentials {
  const header = headers.get('Authorization');
  const clientId = parameter(form, 'client_id');
  const secret = parameter(form, 'client_secret');
  if (header === null) {
    if (clientId === null) return refusal('invalid_client', 'client_id is missing.');
    return { ok: true, clientId, secret };
  }
  if (secret !== null) return refusal('invalid_request', 'The secret came twice: in the header and in the body.');
  const basic = readBasic(header);
  if (!basic) return refusal('invalid_client', 'The Authorization header is not HTTP Basic.');
  if (clientId !== null && clientId !== basic.clientId) {
    return refusal('invalid_request', 'The header and the body name different apps.');
  }
  return { ok: true, ...basic };
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(header: string): { clientId: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  try {
    const [clientId, secret] = atob(encoded).split(':').map(decodeForm);
    return clientId && secret ? { clientId, secret } : null;
  } catch {
    return null;
  }
}

const decodeForm = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
