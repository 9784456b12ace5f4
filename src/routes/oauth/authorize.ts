// The authorization endpoint (RFC 6749 section 3.1): judges what an app asks for and brings the person to the consent page.

import { audienceOf } from '../../auth/access-token.ts';
import { sessionCookie } from '../../auth/session-cookie.ts';
import {
  type AuthorizationRequest,
  type Judgement,
  judgeAuthorization,
} from '../../domain/oauth/authorization-request.ts';
import { parameter } from '../../domain/oauth/parameters.ts';
import { HELD_MAX, isCovered, provesWhoItIs } from '../../domain/oauth/remembered-consent.ts';
import { AppId } from '../../protocol/ids.ts';
import { RequestText, refusal } from '../../protocol/oauth.ts';
import { CONSENT_PATH } from '../../protocol/paths.ts';
import { type AppRecord, findApp } from '../../storage/apps.ts';
import { listScopesHeld } from '../../storage/grants.ts';
import { type AppContext, baseUrl, lookingOf } from '../context.ts';
import { allowApp } from './allow.ts';
import { NOT_STORED } from './answers.ts';

export async function authorize(c: AppContext): Promise<Response> {
  const request = new URL(c.req.url).search.slice(1);
  const { app, judgement } = await judge(c, request);
  switch (judgement.verdict) {
    case 'good':
      return redirect(c, (await answerAtOnce(c, app, judgement.request)) ?? consentPage(c, request));
    case 'sent_back':
      // RFC 9700 section 4.11.2: anybody registers an app, so nobody is sent to its address before they have said so on our page.
      return redirect(c, consentPage(c, request));
    case 'stopped':
      // A person is told by the page, in words; a program in JSON. Neither is sent to an address that we do not know.
      if (c.req.header('Accept')?.includes('text/html')) return redirect(c, consentPage(c, request));
      return c.json(
        { error: judgement.refusal.error, error_description: judgement.refusal.description },
        400,
        NOT_STORED,
      );
  }
}

/** Back to an app that proves who it is, when the person of this browser has allowed it as much before and it wants no page. */
async function answerAtOnce(
  c: AppContext,
  app: AppRecord | null,
  request: AuthorizationRequest,
): Promise<string | null> {
  if (!app || request.wantsPrompt || !provesWhoItIs(app, request.redirectUri)) return null;
  const looking = lookingOf(c);
  const { nowMs } = looking;
  const person = await sessionCookie({ request: c.req.raw, ...looking });
  if (!person) return null;
  const { id: userId } = person;
  const held = await listScopesHeld(c.env.DB, { appId: app.id, userId, nowMs, limit: HELD_MAX });
  if (!isCovered(request.scopes, held)) return null;
  return allowApp(c, { appId: app.id, request, userId, nowMs, isRemembered: true });
}

/** What an app asks for, with the app; the consent page asks the same question again, and trusts nothing in between. */
export async function judge(c: AppContext, request: string): Promise<{ app: AppRecord | null; judgement: Judgement }> {
  if (!RequestText.safeParse(request).success) {
    return {
      app: null,
      judgement: { verdict: 'stopped', refusal: refusal('invalid_request', 'The request is empty or too long.') },
    };
  }
  const parameters = new URLSearchParams(request);
  const id = AppId.safeParse(parameter(parameters, 'client_id'));
  const app = id.success ? await findApp(c.env.DB, id.data) : null;
  return { app, judgement: judgeAuthorization(parameters, { app, audience: audienceOf(baseUrl(c)) }) };
}

const consentPage = (c: AppContext, request: string): string =>
  `${baseUrl(c)}${CONSENT_PATH}?${new URLSearchParams({ request: request.slice(0, REQUEST_SHOWN) })}`;

/** One more than a request may have: the page says that it is too long. */
const REQUEST_SHOWN = 4001;

function redirect(c: AppContext, to: string): Response {
  for (const [name, value] of Object.entries(NOT_STORED)) c.header(name, value);
  return c.redirect(to, 303);
}
