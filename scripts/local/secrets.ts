// The Worker's secrets on this machine: made once, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import { LOCAL_PROVIDER_ID, type OidcProvider, OidcProviders } from '../../src/protocol/sign-in.ts';
import { CannotStart } from './checks.ts';
import type { Settings } from './settings.ts';

export interface Secrets {
  nodeSecret: string;
  /** How the Worker presents itself to the local identity provider. */
  identityClient: { id: string; secret: string };
}

/** Reads the vars file, or makes it; what it says about the mode and the address is brought up to date. */
export async function ensureSecrets({ varsFile, base, issuer }: Settings): Promise<Secrets> {
  const vars = existsSync(varsFile) ? parse(readFileSync(varsFile, 'utf8')) : new Map<string, string>();
  if (!vars.get('NODE_SECRET')) vars.set('NODE_SECRET', randomBytes(32).toString('base64url'));
  if (!vars.get('TOKEN_KEY')) vars.set('TOKEN_KEY', await newTokenKey());
  if (!vars.get('WRAPPING_KEY')) vars.set('WRAPPING_KEY', newWrappingKey());
  if (!vars.get('VIEWING_KEY')) vars.set('VIEWING_KEY', randomBytes(32).toString('base64url'));
  vars.set('MODE', 'local');
  vars.set('PUBLIC_URL', base);
  // caches.default of wrangler dev is a simulation on disk, three times slower than asking the origin for the part.
  vars.set('EDGE_CACHE', 'off');
  // Behind `wrangler dev` a socket takes four file descriptors, and the process does not survive running out of them.
  vars.set('ROOM_SOCKETS_MAX', '4000');
  const providers = withLocalProvider(readProviders(vars.get('OIDC_PROVIDERS'), varsFile), issuer);
  vars.set('OIDC_PROVIDERS', JSON.stringify(providers).replaceAll("'", '\\u0027'));
  const text = [...vars].map(([name, value]) => `${name}='${value}'\n`).join('');
  writeFileSync(varsFile, text, { mode: 0o600 });
  const [{ clientId, clientSecret }] = providers;
  return { nodeSecret: vars.get('NODE_SECRET') ?? '', identityClient: { id: clientId, secret: clientSecret } };
}

/** Whoever tries a provider of their own here keeps it; the local one stands first. */
function withLocalProvider(known: readonly OidcProvider[], issuer: string): [OidcProvider, ...OidcProvider[]] {
  const clientSecret = known.find(isLocal)?.clientSecret ?? randomBytes(32).toString('base64url');
  const local = { id: LOCAL_PROVIDER_ID, name: 'Local cast', issuer, clientId: 'footlight', clientSecret };
  return [local, ...known.filter((provider) => !isLocal(provider))];
}

const isLocal = ({ id }: OidcProvider): boolean => id === LOCAL_PROVIDER_ID;

function readProviders(json: string | undefined, varsFile: string): readonly OidcProvider[] {
  if (!json) return [];
  try {
    return OidcProviders.parse(JSON.parse(json));
  } catch {
    throw new CannotStart(
      `OIDC_PROVIDERS in ${varsFile} is not a list of providers as docs/deploy.md shows it: mend it, or take the line out.`,
    );
  }
}

function parse(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] ? [[match[1], unquote(match[2] ?? '')]] : [])));
}

const unquote = (text: string): string => (/^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text);

/** 256 random bits: what WRAPPING_KEY holds. */
export const newWrappingKey = (): string => randomBytes(32).toString('base64url');

/** A private ES256 key as a JWK in JSON: what TOKEN_KEY holds. */
async function newTokenKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' });
}
