// Apps that I registered: their names, addresses and scopes, and the secret that is shown once.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { mintAppSecret } from '../auth/oauth/opaque.ts';
import { hashSecret } from '../auth/secrets.ts';
import { whyUnusable } from '../domain/oauth/redirect-uri.ts';
import { QUOTAS } from '../domain/quotas.ts';
import { FootlightError } from '../protocol/errors.ts';
import { AppId, mintId, UserId } from '../protocol/ids.ts';
import { App, AppList, AppSecret, type AppType, ChangeApp, RegisterApp, RegisteredApp } from '../protocol/oauth.ts';
import {
  type AppRecord,
  changeApp,
  deleteApp,
  findApp,
  keepApp,
  listAppsOf,
  replaceAppSecret,
} from '../storage/apps.ts';
import { changes, entryOf, note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { endOpenStreams } from './end-streams.ts';
import { apiResource } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { isConditional, requireFresh, staleEtag } from './guards/etag.ts';
import { forSignedIn, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { turnAwayFromRooms } from './room/telling.ts';

const params = z.object({ id: AppId });

export const apps = apiResource()
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: 'Register an app or a bot',
      ...forSignedIn,
      request: { body: { required: true, content: { 'application/json': { schema: RegisterApp } } } },
      responses: { 201: json('The app, with its secret this once', RegisteredApp), ...refusals('quota_exceeded') },
    }),
    async (c) => {
      const { id: ownerId, name: ownerName } = signedIn(c, 'ours');
      const wanted = c.req.valid('json');
      refuseUnusable(wanted.redirectUris, wanted.type);
      const nowMs = Date.now();
      const id = AppId.parse(mintId('ap', randomBytes(16)));
      const bot = wanted.type === 'confidential' ? newBot(wanted.name) : null;
      const secret = bot && mintAppSecret(randomBytes);
      const app = {
        ...wanted,
        id,
        ownerId,
        botId: bot?.id ?? null,
        secretHash: secret && (await hashSecret(secret)),
        createdAtMs: nowMs,
      };
      if (!(await keepApp(c.env.DB, { app, bot, limit: QUOTAS.apps.max }))) throw quotaExceeded('apps');
      note(c, { action: 'app.registered', target: { type: 'app', id }, after: facts(app) });
      const registered = { ...toApp({ ...app, ownerName }), clientSecret: secret };
      return c.json(registered, 201, { ...UNCACHED, Location: `/api/v1/apps/${id}` });
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Your apps, newest first',
      ...forSignedIn,
      responses: { 200: json('All of them', AppList) },
    }),
    async (c) => {
      const { id } = signedIn(c, 'ours');
      return c.json({ apps: (await listAppsOf(c.env.DB, id)).map(toApp) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      summary: 'An app of yours',
      ...forSignedIn,
      request: { params },
      responses: { 200: json('The app', App), ...refusals('not_found') },
    }),
    async (c) => c.json(toApp(await mine(c)), 200, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}',
      summary: 'Change an app; what people have allowed it stays as they allowed it',
      ...forSignedIn,
      request: { params, body: { required: true, content: { 'application/json': { schema: ChangeApp } } } },
      responses: { 200: json('The app as it is now', App), ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const app = await mine(c);
      await requireFresh(c, () => toApp(app));
      const change = c.req.valid('json');
      if (change.redirectUris) refuseUnusable(change.redirectUris, app.type);
      // Of two changes that were made from one state, the second meets the first here.
      const from = isConditional(c) ? app : undefined;
      if (!(await changeApp(c.env.DB, app, change, { from }))) throw staleEtag();
      const changed = { ...app, ...change };
      const what = changes(facts(app), facts(changed));
      if (what) note(c, { action: 'app.changed', target: { type: 'app', id: app.id }, ...what });
      return c.json(toApp(changed), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}',
      summary:
        'Delete an app; all that people have allowed it ends at once, and so do the streams and webhooks of its bot',
      ...forSignedIn,
      request: { params },
      responses: { 204: { description: 'It is gone, and its tokens are refused' }, ...refusals('not_found') },
    }),
    async (c) => {
      const app = await mine(c);
      await deleteApp(c.env.DB, app.id, Date.now());
      note(c, { action: 'app.deleted', target: { type: 'app', id: app.id }, before: facts(app) });
      await turnAwayFromRooms(c.env, { holder: app.id }, 'signed_out');
      const reason = 'the app of its owner was deleted';
      await endOpenStreams(c.env, app.botId ? [app.botId] : [], (id) =>
        entryOf(c, { action: 'stream.ended', target: { type: 'stream', id }, reason }),
      );
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/secret',
      summary: 'Make a new client secret; the old one and the tokens of the bot are refused from now on',
      ...forSignedIn,
      request: { params },
      responses: { 201: json('The secret, shown this once', AppSecret), ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const { id, botId, secretHash: from } = await mine(c);
      if (botId === null || from === null) {
        throw new FootlightError(
          'conflict',
          'A public app has no secret: it could not keep one. Register a confidential app.',
        );
      }
      const clientSecret = mintAppSecret(randomBytes);
      const secretHash = await hashSecret(clientSecret);
      // A secret that somebody else has just replaced would be shown and never be taken.
      if (!(await replaceAppSecret(c.env.DB, { id, botId, from, secretHash, nowMs: Date.now() }))) {
        throw new FootlightError(
          'conflict',
          'The secret has just been replaced by another request. Use that one, or ask again for a new one.',
        );
      }
      note(c, { action: 'app.secret_rotated', target: { type: 'app', id } });
      await turnAwayFromRooms(c.env, { userId: botId, holder: id }, 'signed_out');
      return c.json({ clientSecret }, 201, UNCACHED);
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Somebody else's app is not there: who registered what is nobody's business. */
async function mine(c: AppContext): Promise<AppRecord> {
  const { id: ownerId } = signedIn(c, 'ours');
  const id = c.req.param('id') as AppId;
  const app = await findApp(c.env.DB, id);
  if (app && app.ownerId === ownerId) return app;
  throw new FootlightError('not_found', `You have no app ${id}. Check the id.`);
}

/** Whom the app is when it acts for itself: an account like any other, so that roles are given to it as to people. */
function newBot(name: string): { id: UserId; handle: string; name: string } {
  const id = UserId.parse(mintId('us', randomBytes(16)));
  return { id, handle: `bot${id.slice(3)}`, name };
}

function refuseUnusable(redirectUris: readonly string[], type: AppType): void {
  const issues = redirectUris.flatMap((uri, index) => {
    const why = whyUnusable(uri);
    return why ? [{ path: `redirectUris.${index}`, message: why }] : [];
  });
  if (redirectUris.length === 0 && type === 'public')
    issues.push({ path: 'redirectUris', message: 'needs at least one' });
  if (issues.length === 0) return;
  const said = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new FootlightError('invalid_request', `The addresses do not fit: ${said}.`, { issues });
}

const facts = ({ name, type, redirectUris, scopes }: Pick<AppRecord, 'name' | 'type' | 'redirectUris' | 'scopes'>) => ({
  name,
  type,
  redirectUris,
  scopes,
});

const toApp = ({ secretHash: _secret, ownerId: _owner, ownerName: _name, createdAtMs, ...app }: AppRecord): App => ({
  ...app,
  createdAt: new Date(createdAtMs).toISOString(),
});
