// What holds at every door, whatever kind it is: the answer names its request, and too many headers are refused first.
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { PublishGrant } from '../../src/protocol/ingest.ts';
import { registerApp, requestOf } from './oauth-support.ts';
import { as, authorize, BASE, call, NODE_SECRET, openStream, problemOf, tokenOf } from './support.ts';

const NODE = { Authorization: `Bearer ${NODE_SECRET}` };
const ID = 'trace-of-this-one';

let stream: CreatedStream;
let token: string;
beforeAll(async () => {
  stream = await openStream('ada');
  token = await tokenOf('ada');
});

const ask = (path: string, { method = 'GET', headers = {} }: { method?: string; headers?: object } = {}) =>
  call(path, { method, redirect: 'manual', headers: { 'X-Request-Id': ID, ...headers } });

const bearer = () => ({ Authorization: `Bearer ${token}` });
const PREFLIGHT = { Origin: 'https://app.test', 'Access-Control-Request-Method': 'POST' };
const post = (path: string) =>
  call(path, { method: 'POST', headers: { 'X-Request-Id': ID, 'Content-Type': 'text/plain' }, body: 'x' });

describe('every answer names its request', () => {
  it.each<[string, number, () => Promise<Response>]>([
    ['of the API', 200, () => ask('/api/v1/streams')],
    ['of the API to a signed-in person', 200, () => ask('/api/v1/channels', { headers: bearer() })],
    ['that says nothing has changed', 304, () => ask('/api/v1/streams', { headers: { 'If-None-Match': '*' } })],
    ['without a body', 204, () => ask(`/api/v1/streams/${stream.id}`, { method: 'DELETE', headers: bearer() })],
    ['to a preflight', 204, () => ask('/api/v1/streams', { method: 'OPTIONS', headers: PREFLIGHT })],
    ['to a sender whom it does not know', 401, () => ask('/api/v1/channels')],
    ['to a wrong token', 401, () => ask('/api/v1/streams', { headers: { Authorization: 'Bearer x' } })],
    ['to a wrong method', 405, () => ask('/api/v1/streams', { method: 'PUT' })],
    ['of no door at all', 404, () => ask('/api/v1/nowhere')],
    ['with the document', 200, () => ask('/api/openapi.json')],
    ['with the docs', 200, () => ask('/api/docs')],
    ['with their style', 200, () => ask('/api/docs/style.css')],
    ['with the state of a stream', 200, () => ask(`/live/${stream.id}/state`)],
    ['of playback', 404, () => ask('/live/st_nowhere/index.m3u8')],
    ['of playback to a preflight', 204, () => ask('/live/st_nowhere/index.m3u8', { method: 'OPTIONS' })],
    ['that sends a player on', 307, () => ask(`/live/${stream.channelId}/720p/g1/0.m4s`)],
    ['of WHIP', 204, () => ask('/whip')],
    ['of WHIP to a preflight', 200, () => ask('/whip', { method: 'OPTIONS' })],
    ['of WHIP to a wrong type', 415, () => post('/whip')],
    ['of sign-in', 404, () => ask('/auth/nowhere/start')],
    ['of the authorization server', 200, () => ask('/oauth/jwks')],
    ['that refuses an OAuth form', 400, () => ask('/oauth/token', { method: 'POST' })],
    ['with the metadata', 200, () => ask('/.well-known/oauth-authorization-server')],
    ['to a node', 400, () => ask('/api/v1/ingest/publish', { headers: NODE })],
    ['to somebody who is no node', 401, () => ask('/api/v1/ingest/publish')],
  ])('%s (%i)', async (_what, status, answered) => {
    const { headers, status: found, body } = await answered();
    expect([found, headers.get('X-Request-Id')]).toEqual([status, ID]);
    await body?.cancel();
  });

  it('that sends a browser to the consent page (303)', async () => {
    const app = await registerApp();
    const { status, headers } = await ask(`/oauth/authorize?${requestOf(app.id)}`);
    expect([status, headers.get('X-Request-Id')]).toEqual([303, ID]);
  });

  it('that opens a socket (101), which works as before', async () => {
    const { streamKey } = await openStream('ben');
    const grant = PublishGrant.parse(await (await authorize(streamKey!)).json());
    const { status, headers, webSocket } = await ask(
      `/api/v1/ingest/publish?stream=${grant.streamId}&session=${grant.sessionId}&v=1`,
      { headers: { ...NODE, Upgrade: 'websocket' } },
    );
    expect([status, headers.get('X-Request-Id')]).toEqual([101, ID]);
    const welcome = new Promise<string>((resolve) => {
      webSocket!.addEventListener('message', ({ data }) => resolve(data as string));
    });
    webSocket!.accept();
    expect(JSON.parse(await welcome)).toMatchObject({ type: 'welcome' });
    webSocket!.close();
  });
});

describe('a request with more headers than anybody needs', () => {
  it.each([
    '/api/v1/streams',
    '/streams',
    '/api/openapi.json',
    '/api/v1/nowhere',
    '/auth/nowhere/start',
    '/oauth/jwks',
    '/.well-known/oauth-authorization-server',
    '/whip',
    '/live/st_nowhere/state',
    '/live/st_nowhere/index.m3u8',
    '/api/v1/ingest/publish',
  ])('is refused at %s, however good it is', async (path) => {
    const response = await call(path, { headers: { ...NODE, 'X-Filler': 'x'.repeat(16 * 1024) } });
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await problemOf(response)).toMatchObject({ code: 'headers_too_large', status: 431 });
  });

  it('is refused when many are small, and when they are cookies', async () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`X-Filler-${index}`, 'x'.repeat(40)]));
    expect((await call('/api/v1/streams', { headers: many })).status).toBe(431);
    const cookies = Array.from({ length: 5 }, (_, index) => `other${index}=${'x'.repeat(4000)}`).join('; ');
    expect((await call('/api/v1/streams', { headers: { Cookie: cookies } })).status).toBe(431);
  });

  it('is none with what a browser sends: a jar of cookies, and the address of a consent page as the referrer', async () => {
    const consent = `${BASE}/consent?request=${encodeURIComponent(requestOf('ap_abcd', { state: 's'.repeat(2000) }))}`;
    const headers = {
      Authorization: `Bearer ${token}`,
      Cookie: Array.from({ length: 20 }, (_, index) => `cookie${index}=${'x'.repeat(400)}`).join('; '),
      Referer: consent,
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
      'Accept-Language': 'en-GB,en;q=0.9,de;q=0.8',
    };
    expect((await call('/api/v1/streams', { headers })).status).toBe(200);
    expect((await as('ada', 'GET', '/api/v1/channels')).status).toBe(200);
  });
});
