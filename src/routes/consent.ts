// What the consent page asks and what the person answers. The request comes again whole each time, and is judged again.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { readBearer } from '../auth/bearer-token.ts';
import type { Judgement } from '../domain/oauth/authorization-request.ts';
import { placeOf } from '../domain/oauth/redirect-uri.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ConsentAnswer, ConsentOutcome, ConsentQuestion, RequestText } from '../protocol/oauth.ts';
import type { AppRecord } from '../storage/apps.ts';
import type { AppContext } from './context.ts';
import { apiResource } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { allowApp, answerUri } from './oauth/allow.ts';
import { judge } from './oauth/authorize.ts';
import { forSignedIn, json } from './openapi.ts';

export const consent = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'What an app asks for, as the consent page shows it',
      request: { query: z.object({ request: RequestText.describe('The query of /oauth/authorize, whole') }) },
      responses: { 200: json('The question', ConsentQuestion) },
    }),
    async (c) => {
      const { app, judgement } = await asked(c, c.req.valid('query').request);
      const { id, name, ownerName, websiteUrl } = app;
      const isGood = judgement.verdict === 'good';
      const question = {
        app: { id, name, ownerName, websiteUrl },
        scopes: isGood ? judgement.request.scopes : [],
        returnsTo: placeOf(isGood ? judgement.request.redirectUri : judgement.redirectUri),
        problem: isGood ? null : judgement.description,
      };
      return c.json(question, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: 'Allow what an app asks for, or refuse it; from our own pages only',
      ...forSignedIn,
      request: { body: { required: true, content: { 'application/json': { schema: ConsentAnswer } } } },
      responses: { 200: json('Where to go now', ConsentOutcome) },
    }),
    async (c) => {
      const { id: userId } = withCookie(c);
      const { request: text, allow } = c.req.valid('json');
      const { app, judgement } = await asked(c, text);
      if (judgement.verdict === 'sent_back') {
        if (allow) throw unusable(judgement.description);
        return c.json({ redirectTo: answerUri(c, judgement) }, 200, UNCACHED);
      }
      const { request } = judgement;
      if (!allow) {
        const no = { ...request, error: 'access_denied', description: 'The person said no.' };
        return c.json({ redirectTo: answerUri(c, no) }, 200, UNCACHED);
      }
      const redirectTo = await allowApp(c, { appId: app.id, request, userId, nowMs: Date.now(), isRemembered: false });
      return c.json({ redirectTo }, 200, UNCACHED);
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

/** A yes is given by a person at our own page: their cookie, sent by a page of our origin (the guard has seen to that). */
function withCookie(c: AppContext) {
  const person = signedIn(c, 'ours');
  if (readBearer(c.req.raw.headers) === null) return person;
  throw new FootlightError(
    'forbidden',
    'A token cannot allow an app: only the person can, signed in on our own pages.',
  );
}

/** With an app whose address we know: it is asked about, or told what is wrong. */
async function asked(
  c: AppContext,
  text: string,
): Promise<{ app: AppRecord; judgement: Exclude<Judgement, { verdict: 'stopped' }> }> {
  const { app, judgement } = await judge(c, text);
  if (app && judgement.verdict !== 'stopped') return { app, judgement };
  throw unusable(judgement.verdict === 'stopped' ? judgement.refusal.description : 'There is no such app.');
}

const unusable = (why: string) =>
  new FootlightError('invalid_request', `This app cannot be allowed: ${why} Go back to the app and try again there.`);
