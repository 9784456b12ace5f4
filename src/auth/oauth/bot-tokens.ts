// client_credentials (RFC 6749 section 4.4): a confidential app acts for itself, as the bot that was made with it.
import { ACCESS_TOKEN_SECONDS } from '../../domain/oauth/lifetimes.ts';
import { isWithin, parameter, readScopes } from '../../domain/oauth/parameters.ts';
import { GrantId, mintId } from '../../protocol/ids.ts';
import { refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { findGrantOf, giveBotGrant } from '../../storage/grants.ts';
import { type Issuing, issueTokens, type TokenOutcome } from './issue.ts';

export async function issueBotToken(issuing: Issuing, app: AppRecord, form: URLSearchParams): Promise<TokenOutcome> {
  const { botId } = app;
  if (botId === null)
    return refusal('unauthorized_client', 'A public app cannot act for itself: it cannot prove who it is.');
  // There is nobody to come back for: the app asks again whenever it likes.
  const allowed = app.scopes.filter((scope) => scope !== 'offline_access');
  const wanted = parameter(form, 'scope');
  const scopes = wanted === null ? allowed : readScopes(wanted);
  if (!scopes || scopes.length === 0 || !isWithin(scopes, allowed)) {
    return refusal('invalid_scope', `The app is registered for ${allowed.join(' ')} and asks for something else.`);
  }
  const grantId = await botGrant(issuing, { ...app, botId });
  return issueTokens(issuing, { grantId, appId: app.id, userId: botId, scopes, refreshToken: null });
}

/** One at a time: what its tokens hang on, so that deleting the app or changing its secret ends them. */
async function botGrant(
  { env, nowMs, randomBytes }: Issuing,
  { id: appId, botId: userId, scopes }: AppRecord & { botId: NonNullable<AppRecord['botId']> },
): Promise<GrantId> {
  const held = await findGrantOf(env.DB, { appId, userId, scopes, nowMs });
  if (held) return held.id;
  const id = GrantId.parse(mintId('gr', randomBytes(16)));
  const expiresAtMs = nowMs + ACCESS_TOKEN_SECONDS * 1000;
  await giveBotGrant(env.DB, { id, appId, userId, scopes, createdAtMs: nowMs, expiresAtMs });
  return id;
}
