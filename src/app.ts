// The sitemap: what every request passes, then one line per resource.
import { OpenAPIHono } from '@hono/zod-openapi';
import { API_PREFIX } from './protocol/paths.ts';
import { platformAppeals } from './routes/appeals.ts';
import { apps } from './routes/apps.ts';
import { audit } from './routes/audit.ts';
import { platformBans } from './routes/bans.ts';
import { channels } from './routes/channels.ts';
import { consent } from './routes/consent.ts';
import type { AppEnv } from './routes/context.ts';
import { showDocs, showDocsStyle } from './routes/docs.ts';
import { grants } from './routes/grants.ts';
import { finished } from './routes/guards/finished.ts';
import { hardened } from './routes/guards/headers.ts';
import { boundedHeaders } from './routes/guards/limits.ts';
import { answerError, answerNotFound, namesAllowedMethods } from './routes/guards/problems.ts';
import { ingest } from './routes/ingest.ts';
import { erasures } from './routes/leaving.ts';
import { liveState } from './routes/live-state.ts';
import { oauth, oauthMetadata } from './routes/oauth.ts';
import { describeApi } from './routes/openapi.ts';
import { playback } from './routes/playback.ts';
import { platformReports } from './routes/reports.ts';
import { roomSocket } from './routes/room-socket.ts';
import { platformRules } from './routes/rules.ts';
import { session } from './routes/session.ts';
import { sessions } from './routes/sessions.ts';
import { signIn } from './routes/sign-in.ts';
import { streams } from './routes/streams.ts';
import { users } from './routes/users.ts';
import { watchPage } from './routes/watch-page.ts';
import { watching } from './routes/watching.ts';
import { webhooks } from './routes/webhooks.ts';
import { whip } from './routes/whip.ts';

/** The doors of the REST API. Their types are what `hc` makes a client of. */
const api = new OpenAPIHono<AppEnv>()
  .route('/streams', streams)
  .route('/channels', channels)
  .route('/bans', platformBans)
  .route('/appeals', platformAppeals)
  .route('/rules', platformRules)
  .route('/reports', platformReports)
  .route('/session', session)
  .route('/sessions', sessions)
  .route('/users', users)
  .route('/audit', audit)
  .route('/erasures', erasures)
  .route('/apps', apps)
  .route('/grants', grants)
  .route('/consent', consent)
  .route('/webhooks', webhooks);
export type Api = typeof api;

export const app = new OpenAPIHono<AppEnv>();

app.onError(answerError);
app.notFound(answerNotFound);
app.use(finished, hardened, boundedHeaders);
app.use(namesAllowedMethods(app));

app.route(`${API_PREFIX}/streams`, roomSocket);
app.route(API_PREFIX, api);
// The short path is the same door as that of the API.
app.route('/streams', roomSocket);
app.route('/streams', streams);
app.route(`${API_PREFIX}/ingest`, ingest);
for (const path of ['/api/openapi.json', `${API_PREFIX}/openapi.json`]) app.get(path, describeApi(app));
app.get('/api/docs', showDocs(app));
app.get('/api/docs/style.css', showDocsStyle);
app.route('/auth', signIn);
app.route('/oauth', oauth);
app.route('/.well-known', oauthMetadata);
app.route('/whip', whip);
app.route('/live', liveState);
app.route('/live', watching);
app.route('/live', playback);
app.route('/watch', watchPage);
