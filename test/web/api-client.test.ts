// The client of the API: where requests go and what comes back, with the network of the browser played by the test.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FootlightError, toProblem } from '../../src/protocol/errors.ts';
import { ApiError, api, auditExportPath } from '../../src/web/api.ts';
import { appsApi } from '../../src/web/apps-api.ts';
import { webhooksApi } from '../../src/web/webhooks-api.ts';

interface Sent {
  url: string;
  init: RequestInit;
}

let sent: Sent[] = [];
let network: () => Response | Promise<Response>;

beforeEach(() => {
  sent = [];
  network = () => Response.json({});
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return network();
  });
});
afterEach(() => void vi.unstubAllGlobals());

const asked = (): string => sent.map(({ url, init }) => `${init.method} ${url}`).join();

describe('a request of the client', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['GET /api/v1/session', () => api.session()],
    ['GET /api/v1/streams', () => api.liveStreams(null)],
    ['GET /api/v1/streams?genre=music&cursor=c', () => api.liveStreams('music', 'c')],
    ['GET /api/v1/streams?mine=true&state=ended&limit=50', () => api.myStreams('ended')],
    ['PATCH /api/v1/streams/st_1234', () => api.updateStream('st_1234', { title: 'Later' })],
    ['DELETE /api/v1/channels/ch_1234/follow', () => api.unfollow('ch_1234')],
    ['GET /api/v1/users/me/follows?channelId=ch_1234', () => api.followOf('ch_1234')],
    ['POST /api/v1/channels/ch_1234/stream-key', () => api.rotateKey('ch_1234', false)],
    ['PUT /api/v1/streams/st_1234/members/ben', () => api.invite('st_1234', 'ben')],
    ['GET /api/v1/audit?action=app.deleted', () => api.audit({ actor: undefined, action: 'app.deleted' })],
    ['POST /api/v1/apps/ap_1234/secret', () => appsApi.rotateSecret('ap_1234')],
    ['GET /api/v1/consent?request=scope%3Da%26b', () => appsApi.question('scope=a&b')],
    ['POST /api/v1/webhooks/wh_1234/deliveries/dl_1234/replay', () => webhooksApi.replay('wh_1234', 'dl_1234')],
    ['GET /api/v1/webhooks/wh_1234/deliveries?limit=10', () => webhooksApi.deliveries('wh_1234')],
  ])('goes to its door: %s', async (door, ask) => {
    await ask();
    expect(asked()).toBe(door);
  });

  it('carries the cookie of our own pages, its body as JSON and a limit of time', async () => {
    await api.createStream({ title: 'Tonight', genre: 'music' });
    const { init } = sent[0]!;
    expect(init.credentials).toBe('same-origin');
    expect(new Headers(init.headers).get('content-type')).toBe('application/json');
    expect(JSON.parse(String(init.body))).toEqual({ title: 'Tonight', genre: 'music' });
    expect(init.signal).toBeInstanceOf(AbortSignal);
  });

  it('stays at its door, whatever was typed as a name', async () => {
    await api.invite('st_1234', '../../session?x=/:id');
    expect(asked()).toBe('PUT /api/v1/streams/st_1234/members/..%2F..%2Fsession%3Fx%3D%2F%3Aid');
  });

  it('leads the browser to the file of what was looked for', () => {
    expect(auditExportPath({ actor: 'us_1234', target: undefined }, 'csv')).toBe(
      '/api/v1/audit?actor=us_1234&format=csv',
    );
  });
});

describe('what comes back', () => {
  const failure = async (answer: () => Response | Promise<Response>): Promise<ApiError> => {
    network = answer;
    const error: unknown = await api.channel('ch_1234').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    return error as ApiError;
  };

  it('is the body of a success', async () => {
    network = () => Response.json({ apps: [] });
    expect(await appsApi.mine()).toEqual({ apps: [] });
  });

  it('is nothing where there is nothing to say', async () => {
    network = () => new Response(null, { status: 204 });
    expect(await api.signOut()).toBeUndefined();
  });

  it('is a problem in the words of the server', async () => {
    const problem = toProblem(new FootlightError('not_found', 'There is no channel. Check the id.'));
    const error = await failure(() => Response.json(problem, { status: 404 }));
    expect([error.status, error.message, error.problem?.code]).toEqual([404, problem.detail, 'not_found']);
  });

  it('is a status and nothing else when something in between answers', async () => {
    const error = await failure(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect([error.status, error.problem]).toEqual([502, null]);
  });

  it('says so when the server cannot be reached', async () => {
    const error = await failure(() => Promise.reject(new TypeError('network')));
    expect([error.status, error.message]).toEqual([0, expect.stringContaining('could not be reached')]);
  });
});
