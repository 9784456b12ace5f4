// The words of signing in: what an operator configures, what a provider tells, and what people see of their sessions.
import { z } from 'zod';
import { BrowserSessionId } from './ids.ts';

const PROVIDERS_MAX = 20;

export const ProviderId = z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -');

/** An OpenID provider that people may sign in with. */
export const OidcProvider = z.strictObject({
  /** Its word in our addresses: `/auth/{id}/callback`. */
  id: ProviderId,
  /** What its button says. */
  name: z.string().trim().min(1).max(40),
  /** Exactly as the provider writes it in its own metadata. */
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});
export type OidcProvider = z.infer<typeof OidcProvider>;

/** The secret OIDC_PROVIDERS. */
export const OidcProviders = z
  .array(OidcProvider)
  .max(PROVIDERS_MAX)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'every provider needs an id of its own');

/** The provider that `npm start` brings along; in local mode its subjects are the seeded people. */
export const LOCAL_PROVIDER_ID = 'local';

/** Who becomes an admin by signing in: one subject, or one verified address of one issuer. */
export const AdminIdentity = z.union([
  z.strictObject({ issuer: z.url(), subject: z.string().min(1) }),
  z.strictObject({ issuer: z.url(), email: z.email() }),
]);
export type AdminIdentity = z.infer<typeof AdminIdentity>;

/** The variable ADMIN_IDENTITIES. */
export const AdminIdentities = z.array(AdminIdentity).max(100);

const optionalText = z.string().trim().min(1).max(200).nullable().catch(null).default(null);

/** What a provider says of a person; everything but the subject may be missing or nonsense, and then counts as not said. */
export const ProviderClaims = z.object({
  sub: z.string().min(1).max(255),
  name: optionalText,
  preferred_username: optionalText,
  nickname: optionalText,
  email: optionalText,
  email_verified: z.boolean().catch(false).default(false),
});
export type ProviderClaims = z.infer<typeof ProviderClaims>;

/** Why a sign-in came to nothing. */
export const SIGN_IN_REFUSALS = [
  'cancelled',
  'unknown_attempt',
  'expired_attempt',
  'other_browser',
  'other_provider',
  'invalid_answer',
  'provider_unreachable',
] as const;
export const SignInRefusal = z.enum(SIGN_IN_REFUSALS);
export type SignInRefusal = z.infer<typeof SignInRefusal>;

export const BrowserSession = z.object({
  id: BrowserSessionId,
  device: z.string().describe('The browser and its system, in words'),
  network: z.string().nullable().describe('Where it signed in from, truncated: IPv4 /24, IPv6 /48'),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().describe('Exact to about a minute'),
  expiresAt: z.iso.datetime(),
  isCurrent: z.boolean().describe('The session that asks'),
});
export type BrowserSession = z.infer<typeof BrowserSession>;

export const BrowserSessionList = z.object({ sessions: z.array(BrowserSession) });
export type BrowserSessionList = z.infer<typeof BrowserSessionList>;
