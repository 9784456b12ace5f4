// The control door as the edge sees it.
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FootlightError, Problem } from '../../src/protocol/errors.ts';
import { type ControlServer, createControlServer } from '../../transcoder/control.ts';

const SECRET = 'the-secret-of-the-node';
const GRANT = { sessionId: 'se_aaaa', streamId: 'st_aaaa', channelId: 'ch_aaaa', latency: 'low' };
let server: ControlServer;
let base = '';
let port = 0;
let failures: unknown[] = [];
let refusal: Error | null = null;
const seen: unknown[] = [];

beforeEach(async () => {
  failures = [];
  refusal = null;
  seen.length = 0;
  const note = (what: unknown): void => {
    if (refusal) throw refusal;
    seen.push(what);
  };
  server = createControlServer({
    secret: SECRET,
    offer: async (offer) => {
      note(offer);
      return { answer: 'v=0', etag: '"e"' };
    },
    patch: async (sessionId, patch) => note([sessionId, patch]),
    remove: async (sessionId) => sessionId === 'se_aaaa',
    health: () => ({ status: 'ok' }),
    onFailure: (error) => failures.push(error),
  });
  ({ port } = await server.listen('127.0.0.1', 0));
  base = `http://127.0.0.1:${port}`;
});
afterEach(() => server.close());

const ask = (method: string, path: string, body?: unknown, token = SECRET) =>
  fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

describe('the control door', () => {
  it('tells anybody that it is well, with a length', async () => {
    const answer = await fetch(`${base}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    expect(answer.headers.get('content-length')).toBe('15');
    expect(answer.headers.get('transfer-encoding')).toBeNull();
  });

  it('relays an offer and its answer', async () => {
    const answer = await ask('POST', '/whip/sessions', { grant: GRANT, offer: 'v=0 offer' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ answer: 'v=0', etag: '"e"' });
    expect(answer.headers.get('content-length')).toBeTruthy();
    expect(seen).toEqual([{ grant: GRANT, offer: 'v=0 offer' }]);
  });

  it('relays candidates and the end', async () => {
    const patch = { ifMatch: '"e"', fragment: 'a=candidate' };
    expect((await ask('PATCH', '/whip/sessions/se_aaaa', patch)).status).toBe(204);
    expect(seen).toEqual([['se_aaaa', patch]]);
    expect((await ask('DELETE', '/whip/sessions/se_aaaa')).status).toBe(200);
    const second = await ask('DELETE', '/whip/sessions/se_bbbb');
    expect([second.status, Problem.parse(await second.json()).code]).toEqual([404, 'not_found']);
  });

  it.each([
    ['a wrong secret', () => ask('POST', '/whip/sessions', {}, 'wrong'), 401, 'unauthenticated'],
    ['no body', () => ask('POST', '/whip/sessions', ''), 400, 'invalid_request'],
    ['a body that is not JSON', () => ask('POST', '/whip/sessions', '{'), 400, 'invalid_request'],
    ['a body of another form', () => ask('POST', '/whip/sessions', { offer: 1 }), 400, 'invalid_request'],
    ['an id of another form', () => ask('DELETE', '/whip/sessions/..%2f'), 404, 'not_found'],
    ['a method that is not there', () => ask('PUT', '/whip/sessions', {}), 405, 'method_not_allowed'],
    ['a path that is not there', () => ask('GET', '/'), 404, 'not_found'],
    ['a path that is none', () => ask('GET', '//'), 404, 'not_found'],
  ])('answers %s with a problem', async (_, asked, status, code) => {
    const answer = await asked();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(Problem.parse(await answer.json()).code).toBe(code);
    expect(failures).toEqual([]);
  });

  it('passes refusals on, with the time to come again', async () => {
    refusal = new FootlightError('no_capacity', 'Full.', { retryAfterSeconds: 10 });
    const answer = await ask('POST', '/whip/sessions', { grant: GRANT, offer: 'v=0' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  });

  it('keeps its own mistakes to itself and its log', async () => {
    refusal = new Error('secret details');
    const answer = await ask('POST', '/whip/sessions', { grant: GRANT, offer: 'v=0' });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret details');
    expect(failures).toHaveLength(1);
  });

  it('stops reading a body that is too large', async () => {
    const answer = await ask('POST', '/whip/sessions', 'x'.repeat(400_000)).catch(() => null);
    expect([413, undefined]).toContain(answer?.status);
  });

  it('does not wait for ever for a request that does not end', { timeout: 15_000 }, async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST /whip/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRET}\r\nContent-Length: 100\r\n\r\n{`,
    );
    const before = performance.now();
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(performance.now() - before).toBeLessThan(12_000);
  });
});
