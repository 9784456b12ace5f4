// An app is allowed what it asks for: the approval, its code, and the address that the browser goes back to.
import { mintCode } from '../../auth/oauth/opaque.ts';
import { hashSecret } from '../../auth/secrets.ts';
import type { AuthorizationRequest } from '../../domain/oauth/authorization-request.ts';
import { CODE_LIFETIME_MS } from '../../domain/oauth/lifetimes.ts';
import { withAnswer } from '../../domain/oauth/redirect-uri.ts';
import { type AppId, GrantId, mintId, type UserId } from '../../protocol/ids.ts';
import { giveGrant } from '../../storage/grants.ts';
import { note } from '../audit-note.ts';
import { type AppContext, baseUrl } from '../context.ts';

interface Allowing {
  appId: AppId;
  request: AuthorizationRequest;
  userId: UserId;
  nowMs: number;
  /** They were not asked, because they have said yes to all of it before. */
  isRemembered: boolean;
}

/** Each yes is a grant of its own, whether it was asked for or remembered. */
export async function allowApp(c: AppContext, allowing: Allowing): Promise<string> {
  const { appId, request, userId, nowMs, isRemembered } = allowing;
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const code = mintCode(randomBytes);
  const grantId = GrantId.parse(mintId('gr', randomBytes(16)));
  const { redirectUri, codeChallenge, scopes } = request;
  const expiresAtMs = nowMs + CODE_LIFETIME_MS;
  await giveGrant(
    c.env.DB,
    { id: grantId, appId, userId, scopes, createdAtMs: nowMs, expiresAtMs },
    { codeHash: await hashSecret(code), redirectUri, codeChallenge, expiresAtMs },
  );
  note(c, {
    action: 'grant.given',
    actor: { kind: 'user', id: userId, appId: null },
    target: { type: 'app', id: appId },
    after: { grantId, scopes, redirectUri },
    reason: isRemembered ? 'The person has allowed all of it before, and was not asked again.' : null,
  });
  return answerUri(c, { ...request, code });
}

/** RFC 9207: every answer names its issuer, so that an app that knows several servers cannot be made to mix them up. */
export const answerUri = (
  c: AppContext,
  {
    redirectUri,
    state,
    ...answer
  }: { redirectUri: string; state: string | null } & ({ code: string } | { error: string; description: string }),
): string =>
  withAnswer(redirectUri, {
    ...('code' in answer ? { code: answer.code } : { error: answer.error, error_description: answer.description }),
    state,
    iss: baseUrl(c),
  });
