// The words of apps of others: registering one, what it asks, what a person allowed, and the errors of RFC 6749.
import { z } from 'zod';
import { SCOPES } from './claims.ts';
import { AppId, GrantId, UserId } from './ids.ts';

/** public: it cannot keep a secret (a page, a phone, a desktop program). confidential: a server, which can. */
export const AppType = z.enum(['public', 'confidential']);
export type AppType = z.infer<typeof AppType>;

const Name = z.string().trim().min(1).max(60);
const RedirectUris = z.array(z.string().min(1).max(300)).max(10);
const Scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);
const WebsiteUrl = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .nullable();

export const RegisterApp = z.object({
  name: Name,
  type: AppType,
  redirectUris: RedirectUris.default([]).describe('Compared letter by letter; the port of 127.0.0.1 and [::1] is free'),
  scopes: Scopes.describe('The most that it may ever ask for'),
  websiteUrl: WebsiteUrl.default(null),
});
export type RegisterApp = z.infer<typeof RegisterApp>;

export const ChangeApp = z
  .object({ name: Name, redirectUris: RedirectUris, scopes: Scopes, websiteUrl: WebsiteUrl })
  .partial();
export type ChangeApp = z.infer<typeof ChangeApp>;

export const App = z.object({
  id: AppId.describe('Its client_id'),
  name: z.string(),
  type: AppType,
  redirectUris: z.array(z.string()),
  scopes: z.array(z.enum(SCOPES)),
  websiteUrl: z.string().nullable(),
  botId: UserId.nullable().describe('Whom it is under client_credentials; null for a public app'),
  createdAt: z.iso.datetime(),
});
export type App = z.infer<typeof App>;

export const AppList = z.object({ apps: z.array(App) });
export const AppSecret = z.object({ clientSecret: z.string().describe('Shown this once') });
export type AppSecret = z.infer<typeof AppSecret>;
export const RegisteredApp = App.extend({
  clientSecret: z.string().nullable().describe('Shown this once; null for a public app, which has none'),
});
export type RegisteredApp = z.infer<typeof RegisteredApp>;

/** An app as a person who is to trust it needs to see it. */
const AppFace = z.object({
  id: AppId,
  name: z.string(),
  ownerName: z.string().describe('Who registered it'),
  websiteUrl: z.string().nullable(),
});

/** One approval that holds. */
export const Grant = z.object({
  id: GrantId,
  app: AppFace,
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().describe('When the app last took a token under it'),
});
export type Grant = z.infer<typeof Grant>;
export const GrantList = z.object({ grants: z.array(Grant) });

/** An authorization request as the app sent it, whole: the query of `/oauth/authorize`. */
export const RequestText = z.string().min(1).max(4000);
/** What the consent page asks about. */
export const ConsentQuestion = z.object({
  app: AppFace,
  scopes: z.array(z.enum(SCOPES)),
  returnsTo: z.string().describe('Where the answer goes: a host, or the scheme of a program'),
  problem: z.string().nullable().describe('Why it cannot be allowed, and no scopes then; a no tells the app so'),
});
export type ConsentQuestion = z.infer<typeof ConsentQuestion>;
export const ConsentAnswer = z.object({ request: RequestText, allow: z.boolean() });
export const ConsentOutcome = z.object({ redirectTo: z.string().describe('Back to the app, with its code or a no') });
export type ConsentOutcome = z.infer<typeof ConsentOutcome>;

/** code -> HTTP status. RFC 6749 sections 4.1.2.1 and 5.2, RFC 8707 section 2. */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  access_denied: 403,
  temporarily_unavailable: 429,
  server_error: 500,
} as const;
export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

/** A foreseen no, as the OAuth endpoints say it. */
export interface OAuthRefusal {
  ok: false;
  error: OAuthErrorCode;
  description: string;
}

export const refusal = (error: OAuthErrorCode, description: string): OAuthRefusal => ({
  ok: false,
  error,
  description,
});

/** RFC 6749 section 5.1. */
export interface TokenBody {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
  refresh_token?: string;
}
