// Who a request speaks for: the claims of an access token (RFC 9068) and what they resolve to.
import { z } from 'zod';
import { GrantId, UserId } from './ids.ts';
import { ProviderId } from './sign-in.ts';

export const PlatformRole = z.enum(['viewer', 'moderator', 'admin']);
export type PlatformRole = z.infer<typeof PlatformRole>;

/** What a token may be used for; roles are looked up, so that losing one takes effect at once. */
export const SCOPES = [
  'streams:read',
  'streams:write',
  'chat:read',
  'chat:write',
  'channel:moderate',
  'channel:manage:keys',
  'clips:write',
  'analytics:read',
  'audit:read',
  'offline_access',
  'profile',
] as const;
export type Scope = (typeof SCOPES)[number];

export const AccessClaims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: UserId,
  scope: z.string(),
  client_id: z.string(),
  /** What a person allowed the app; absent from the tokens of local mode. */
  grant_id: GrantId.optional(),
  jti: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

/** `GET /api/v1/session`. */
export const Session = z.object({
  user: z
    .object({ id: UserId, handle: z.string(), name: z.string(), role: PlatformRole })
    .nullable()
    .describe('null when nobody is signed in'),
  providers: z
    .array(z.object({ id: ProviderId, name: z.string(), startUrl: z.url() }))
    .describe('Where one may sign in: open `startUrl` in a browser, with `?returnTo=/path` to come back to a page'),
  localSignIn: z
    .object({ users: z.array(z.object({ handle: z.string(), name: z.string(), about: z.string() })) })
    .nullable()
    .describe('The seeded accounts that may be used; null outside local mode'),
});
export type Session = z.infer<typeof Session>;

/** `POST /api/v1/session`, in local mode only. */
export const SignIn = z.object({ user: z.string().min(1).max(40) });
export type SignIn = z.infer<typeof SignIn>;
