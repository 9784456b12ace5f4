// A provider as our requests need it: its metadata, how we present ourselves, and the limits of each request.
import * as oauth from 'oauth4webapi';
import type { OidcProvider } from '../../protocol/sign-in.ts';

const REQUEST_LIMIT_MS = 5000;
const METADATA_LIFETIME_MS = 10 * 60_000;
/** Clocks of honest providers differ by so much. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** By issuer, so never more than are configured. The keys of a provider are remembered beside its metadata by oauth4webapi. */
const known = new Map<string, { server: oauth.AuthorizationServer; untilMs: number }>();

/** The provider's own metadata; throws what went wrong when it cannot be had. */
export async function providerServer(provider: OidcProvider, nowMs: number): Promise<oauth.AuthorizationServer> {
  const kept = known.get(provider.issuer);
  if (kept && kept.untilMs > nowMs) return kept.server;
  const issuer = new URL(provider.issuer);
  const response = await oauth.discoveryRequest(issuer, requestOptions(provider));
  const server = await oauth.processDiscoveryResponse(issuer, response);
  known.set(provider.issuer, { server, untilMs: nowMs + METADATA_LIFETIME_MS });
  return server;
}

export const requestOptions = (provider: OidcProvider) => ({
  signal: () => AbortSignal.timeout(REQUEST_LIMIT_MS),
  // `signInProviders` lets an http issuer pass in local mode only.
  [oauth.allowInsecureRequests]: isInsecure(provider),
});

export const isInsecure = ({ issuer }: OidcProvider): boolean => issuer.startsWith('http:');

export const clientOf = ({ clientId }: OidcProvider): oauth.Client => ({
  client_id: clientId,
  [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
});

/** RFC 8414 section 2: where a server names no methods, it takes client_secret_basic. */
export function clientAuthentication(
  { clientSecret }: OidcProvider,
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
): oauth.ClientAuth {
  return !methods || methods.includes('client_secret_basic')
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
}

/** A callback of its own for each provider: an answer that was meant for another comes in at the wrong door. */
export const callbackUrl = (base: string, { id }: OidcProvider): string => `${base}/auth/${id}/callback`;
