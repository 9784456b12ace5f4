// The token endpoint (RFC 6749 section 3.2).
import { audienceOf } from '../../auth/access-token.ts';
import { issueBotToken } from '../../auth/oauth/bot-tokens.ts';
import { exchangeCode } from '../../auth/oauth/code-exchange.ts';
import type { Issuing, TokenOutcome } from '../../auth/oauth/issue.ts';
import { exchangeRefreshToken } from '../../auth/oauth/refresh-exchange.ts';
import { parameter, wantsOnly } from '../../domain/oauth/parameters.ts';
import { refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { note } from '../audit-note.ts';
import { type AppContext, baseUrl } from '../context.ts';
import { NOT_STORED, refuse } from './answers.ts';
import { readFromApp } from './form.ts';
import { noteRotation } from './note-rotation.ts';

export async function token(c: AppContext): Promise<Response> {
  const from = await readFromApp(c);
  if (!from.ok) return refuse(c, from);
  const { app, form } = from;
  const outcome = await issue(c, app, form);
  const actor = { kind: 'app', id: app.id, appId: null } as const;
  if (!outcome.ok) {
    if (outcome.killed) {
      note(c, {
        action: 'grant.reuse_detected',
        actor,
        target: { type: 'grant', id: outcome.killed },
        reason: outcome.description,
      });
    }
    return refuse(c, outcome);
  }
  const { grantId, userId, scopes, madeKid, body } = outcome;
  noteRotation(c, madeKid);
  note(c, {
    action: 'token.issued',
    actor,
    target: { type: 'user', id: userId },
    after: { grantId, scopes, grantType: parameter(form, 'grant_type') },
  });
  return c.json(body, 200, NOT_STORED);
}

async function issue(c: AppContext, app: AppRecord, form: URLSearchParams): Promise<TokenOutcome> {
  const base = baseUrl(c);
  const audience = audienceOf(base);
  if (!wantsOnly(form, audience)) return refusal('invalid_target', `The only resource here is ${audience}.`);
  const issuing: Issuing = {
    env: c.env,
    base,
    nowMs: Date.now(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
  switch (parameter(form, 'grant_type')) {
    case 'authorization_code':
      return exchangeCode(issuing, app, form);
    case 'refresh_token':
      return exchangeRefreshToken(issuing, app, form);
    case 'client_credentials':
      return issueBotToken(issuing, app, form);
    case null:
      return refusal('invalid_request', 'grant_type is missing.');
    default:
      return refusal(
        'unsupported_grant_type',
        'grant_type must be authorization_code, refresh_token or client_credentials.',
      );
  }
}
