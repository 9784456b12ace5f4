// The local identity provider as a process of its own: started by `npm start`, with its settings in the environment.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import { type IdentityProviderOptions, identityProvider } from './identity-provider-server.ts';

const { OIDC_PORT, OIDC_KEYS_FILE, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REDIRECT_URI } = process.env;
if (!OIDC_PORT || !OIDC_KEYS_FILE || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET || !OIDC_REDIRECT_URI) {
  throw new Error('The local identity provider is started by `npm start`, which gives it its settings.');
}

const server = identityProvider({
  issuer: `http://127.0.0.1:${OIDC_PORT}`,
  client: { id: OIDC_CLIENT_ID, secret: OIDC_CLIENT_SECRET, redirectUri: OIDC_REDIRECT_URI },
  keys: await ensureKeys(OIDC_KEYS_FILE),
});
server.listen(Number(OIDC_PORT), '127.0.0.1', () => console.info(`identity provider ready port=${OIDC_PORT}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

/** Made once, readable by their owner only. */
async function ensureKeys(file: string): Promise<IdentityProviderOptions['keys']> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' };
  const keys = { jwks: [jwk], cookieKeys: [randomBytes(32).toString('base64url')] };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
