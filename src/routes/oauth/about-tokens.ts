// An app asks about a token it holds (introspection, RFC 7662) or gives it back (revocation, RFC 7009).
import { audienceOf } from '../../auth/access-token.ts';
import { lookUp } from '../../auth/oauth/look-up.ts';
import { parameter } from '../../domain/oauth/parameters.ts';
import { refusal } from '../../protocol/oauth.ts';
import { revokeGrant } from '../../storage/grants.ts';
import { note } from '../audit-note.ts';
import { type AppContext, lookingOf } from '../context.ts';
import { turnAwayFromRooms } from '../room/telling.ts';
import { NOT_STORED, refuse } from './answers.ts';
import { readFromApp } from './form.ts';

/** With the token goes the whole grant: its access tokens and its refresh token. */
export async function revoke(c: AppContext): Promise<Response> {
  const from = await readFromApp(c);
  if (!from.ok) return refuse(c, from);
  const sent = parameter(from.form, 'token');
  if (!sent) return refuse(c, refusal('invalid_request', 'token is missing.'));
  const { id: appId } = from.app;
  const looking = lookingOf(c);
  const known = await lookUp(looking, { token: sent, appId });
  if (known && (await revokeGrant(c.env.DB, { id: known.grantId, nowMs: looking.nowMs }))) {
    note(c, {
      action: 'grant.revoked',
      actor: { kind: 'app', id: appId, appId: null },
      target: { type: 'grant', id: known.grantId },
      before: { userId: known.userId, scopes: known.scopes },
    });
    await turnAwayFromRooms(c.env, { userId: known.userId, holder: appId }, 'signed_out');
  }
  // RFC 7009 section 2.2: a token that means nothing is as good as revoked.
  return c.body(null, 200, NOT_STORED);
}

export async function introspect(c: AppContext): Promise<Response> {
  const from = await readFromApp(c);
  if (!from.ok) return refuse(c, from);
  // RFC 7662 section 2.1: whoever asks must be known, or tokens could be tried out here.
  if (from.app.type === 'public') return refuse(c, refusal('invalid_client', 'Only a confidential app may ask.'));
  const sent = parameter(from.form, 'token');
  if (!sent) return refuse(c, refusal('invalid_request', 'token is missing.'));
  const looking = lookingOf(c);
  const { base } = looking;
  const known = await lookUp(looking, { token: sent, appId: from.app.id });
  if (!known) return c.json({ active: false }, 200, NOT_STORED);
  return c.json(
    {
      active: true,
      scope: known.scopes.join(' '),
      client_id: from.app.id,
      sub: known.userId,
      iss: base,
      exp: Math.floor(known.expiresAtMs / 1000),
      ...(known.kind === 'access' && { token_type: 'Bearer', aud: audienceOf(base) }),
      ...(known.issuedAtMs !== null && { iat: Math.floor(known.issuedAtMs / 1000) }),
    },
    200,
    NOT_STORED,
  );
}
