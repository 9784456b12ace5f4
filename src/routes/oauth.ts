// Footlight as an authorization server: the OAuth endpoints, and the page of metadata that names them (RFC 8414).
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { publishedKeys } from '../auth/signing-keys.ts';
import { SCOPES } from '../protocol/claims.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import { atMostBytes } from './guards/limits.ts';
import { introspect, revoke } from './oauth/about-tokens.ts';
import { answerOAuthError } from './oauth/answers.ts';
import { authorize } from './oauth/authorize.ts';
import { noteRotation } from './oauth/note-rotation.ts';
import { token } from './oauth/token.ts';

const MAX_FORM_BYTES = 16 * 1024;
/** No longer than a new key is announced before it signs. */
const KEPT_SECONDS = 3600;

/** A page in a browser may be an app: it takes tokens from another origin, without our cookies. */
const anyOrigin = cors({ origin: '*', allowHeaders: ['Authorization', 'Content-Type'], maxAge: 600 });

export const oauth = new Hono<AppEnv>();

oauth.onError(answerOAuthError);
oauth.get('/authorize', authorize);
oauth.use('/token', anyOrigin, atMostBytes(MAX_FORM_BYTES));
oauth.post('/token', token);
oauth.use('/revoke', anyOrigin, atMostBytes(MAX_FORM_BYTES));
oauth.post('/revoke', revoke);
oauth.use('/introspect', atMostBytes(MAX_FORM_BYTES));
oauth.post('/introspect', introspect);
oauth.use('/jwks', anyOrigin);
oauth.get('/jwks', async (c) => {
  const { keys, madeKid } = await publishedKeys(c.env, Date.now());
  noteRotation(c, madeKid);
  return c.json({ keys }, 200, { 'Cache-Control': `public, max-age=${KEPT_SECONDS}` });
});

export const oauthMetadata = new Hono<AppEnv>();

oauthMetadata.use(anyOrigin);
oauthMetadata.get('/oauth-authorization-server', (c: AppContext) => {
  const issuer = baseUrl(c);
  const credentials = ['client_secret_basic', 'client_secret_post'];
  return c.json(
    {
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      introspection_endpoint: `${issuer}/oauth/introspect`,
      jwks_uri: `${issuer}/oauth/jwks`,
      scopes_supported: SCOPES,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: [...credentials, 'none'],
      revocation_endpoint_auth_methods_supported: [...credentials, 'none'],
      introspection_endpoint_auth_methods_supported: credentials,
      authorization_response_iss_parameter_supported: true,
      service_documentation: `${issuer}/developers`,
    },
    200,
    { 'Cache-Control': `public, max-age=${KEPT_SECONDS}` },
  );
});
