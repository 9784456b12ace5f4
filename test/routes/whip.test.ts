// The rows are those of the requirements on a WHIP server (RFC 9725), as far as the edge decides them.
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { iceServerLinks } from '../../src/routes/whip/ice-servers.ts';
import { ANSWER, ETAG, type FakeNode, startNodes } from './fake-node.ts';
import { as, BASE, call, openStream, problemOf, untilLimited } from './support.ts';

const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=setup:actpass',
  '',
].join('\r\n');
const FRAGMENT = 'application/trickle-ice-sdpfrag';

let nodes: Record<'first.test' | 'second.test', FakeNode>;

beforeEach(async () => {
  nodes = await startNodes(['first.test', 'second.test']);
});
afterEach(() => vi.restoreAllMocks());

/** Each test has its own sender, so that none uses up another's limit. */
let sender = 0;
const from = () => ({ 'CF-Connecting-IP': `198.51.100.${sender++}` });

interface Post {
  token?: string | null;
  type?: string;
  body?: string;
  path?: string;
}
const post = ({ token = null, type = 'application/sdp', body = OFFER, path = '/whip' }: Post = {}) =>
  call(path, {
    method: 'POST',
    headers: { ...from(), ...(type && { 'Content-Type': type }), ...(token && { Authorization: `Bearer ${token}` }) },
    body: new TextEncoder().encode(body),
  });

const publish = async () => {
  const stream = await openStream('ada');
  const response = await post({ token: stream.streamKey! });
  expect(response.status).toBe(201);
  const location = response.headers.get('Location')!;
  return { stream, token: stream.streamKey!, response, location, path: new URL(location).pathname };
};

const patch = (path: string, token: string | null, headers: Record<string, string> = {}, body = 'a=candidate:1\r\n') =>
  call(path, {
    method: 'PATCH',
    headers: { ...from(), 'Content-Type': FRAGMENT, ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    body: new TextEncoder().encode(body),
  });

const end = (path: string, token: string | null) =>
  call(path, { method: 'DELETE', headers: { ...from(), ...(token && { Authorization: `Bearer ${token}` }) } });

describe('POST to the endpoint', () => {
  it('row 2: answers 201 with the SDP, an absolute session URL and a length', async () => {
    const { response, stream, location } = await publish();
    expect(response.headers.get('Content-Type')).toBe('application/sdp');
    expect(location).toMatch(new RegExp(`^${BASE}/whip/se_[a-z2-9]{16}$`));
    expect(new TextDecoder().decode(await response.arrayBuffer())).toBe(ANSWER);
    const [offered] = nodes['first.test'].offers;
    expect(offered).toMatchObject({
      offer: OFFER,
      grant: { streamId: stream.id, channelId: stream.channelId, latency: 'low' },
    });
  });

  it('row 4: hands on the strong, quoted ETag of the node', async () => {
    expect((await publish()).response.headers.get('ETag')).toBe(ETAG);
  });

  it.each([
    ['another type', { type: 'application/json' }, 415, 'unsupported_media_type'],
    ['no type', { type: '' }, 415, 'unsupported_media_type'],
    ['an empty body', { body: '' }, 400, 'invalid_sdp'],
    ['something that is not SDP', { body: 'hello' }, 400, 'invalid_sdp'],
    ['SDP without media', { body: 'v=0\r\ns=-\r\n' }, 400, 'invalid_sdp'],
    ['SDP without ICE', { body: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n' }, 400, 'invalid_sdp'],
    ['a body over 100 kB', { body: OFFER + 'a=x\r\n'.repeat(25_000) }, 413, 'payload_too_large'],
  ])('row 1: refuses %s', async (_what, sent, status, code) => {
    const { streamKey } = await openStream('ada');
    const response = await post({ token: streamKey!, ...sent });
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
    expect(nodes['first.test'].offers).toEqual([]);
  });

  it('row 1: takes a type with a parameter', async () => {
    const { streamKey } = await openStream('ada');
    expect((await post({ token: streamKey!, type: 'Application/SDP; charset=utf-8' })).status).toBe(201);
  });

  it('row 5: hands on what the node cannot accept, and does not try it on the next node', async () => {
    nodes['first.test'].refuses = 'unsupported_media';
    const { streamKey } = await openStream('ada');
    const response = await post({ token: streamKey! });
    expect(response.status).toBe(422);
    expect((await problemOf(response)).code).toBe('unsupported_media');
    expect(nodes['second.test'].offers).toEqual([]);
  });

  it('row 8: lets a browser read Location, ETag, Link and Retry-After, of a refusal too', async () => {
    for (const response of [(await publish()).response, await post({ token: 'sk_wrong' })]) {
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      const exposed = response.headers.get('Access-Control-Expose-Headers')!.split(/, ?/);
      expect(exposed).toEqual(expect.arrayContaining(['Location', 'ETag', 'Link', 'Retry-After']));
    }
  });

  it('row 15: goes to the next node when the first is full', async () => {
    nodes['first.test'].refuses = 'no_capacity';
    const { path, token } = await publish();
    expect(nodes['first.test'].offers[0]?.grant.sessionId).toBe(nodes['second.test'].offers[0]?.grant.sessionId);
    await vi.waitFor(() => expect(nodes['first.test'].ended).toEqual([path.split('/')[2]]));
    expect((await end(path, token)).status).toBe(200);
    expect(nodes['second.test'].sessions.size).toBe(0);
  });

  it('row 15: answers 503 with Retry-After when no node has room', async () => {
    nodes['first.test'].refuses = 'no_capacity';
    nodes['second.test'].refuses = 'nonsense';
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { streamKey } = await openStream('ada');
    const response = await post({ token: streamKey! });
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('5');
    expect((await problemOf(response)).code).toBe('no_capacity');
  });

  it('answers within the 8 s that OBS waits when the nodes are silent', { timeout: 12_000 }, async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    nodes['first.test'].refuses = 'silence';
    nodes['second.test'].refuses = 'silence';
    const { streamKey } = await openStream('ada');
    const startedMs = Date.now();
    expect((await post({ token: streamKey! })).status).toBe(503);
    expect(Date.now() - startedMs).toBeLessThan(7500);
  });

  it.each([
    ['an address', () => '203.0.113.99'],
    ['a network of IPv6', (count: number) => `2001:db8:99:${count.toString(16)}::1`],
  ])('row 15: slows a sender down that asks too often: %s', async (_who, addressOf) => {
    let count = 0;
    const headers = () => ({
      'CF-Connecting-IP': addressOf(count++),
      'Content-Type': 'application/sdp',
      Authorization: 'Bearer sk_wrong',
    });
    const post = () => call('/whip', { method: 'POST', headers: headers(), body: OFFER });
    const { statuses, limited } = await untilLimited(post);
    expect(statuses.length).toBeGreaterThanOrEqual(120);
    expect(limited.headers.get('Retry-After')).toBe('60');
    expect(limited.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });

  it('row 17: needs the stream key, in the header or in the URL', async () => {
    for (const token of [null, 'sk_wrong']) {
      const response = await post({ token });
      expect(response.headers.get('WWW-Authenticate')).toContain('Bearer');
      expect((await problemOf(response)).code).toBe('invalid_stream_key');
    }
    const { streamKey } = await openStream('ada');
    expect((await post({ path: `/whip?token=${streamKey}` })).status).toBe(201);
  });

  it('row 17: refuses a key that was replaced', async () => {
    const { channelId, streamKey } = await openStream('ada');
    await as('ada', 'POST', `/api/v1/channels/${channelId}/stream-key`, {});
    expect((await post({ token: streamKey! })).status).toBe(401);
  });

  it('is refused while somebody else publishes to the channel', async () => {
    const { token } = await publish();
    const response = await post({ token });
    expect(response.status).toBe(409);
    expect((await problemOf(response)).code).toBe('already_publishing');
  });
});

describe('row 16: ICE servers', () => {
  it('are one Link each', () => {
    const configured = JSON.stringify([
      { urls: 'stun:stun.test:3478' },
      { urls: 'turn:turn.test:3478?transport=udp', username: 'u', credential: 'c' },
    ]);
    expect(iceServerLinks(configured)).toEqual([
      '<stun:stun.test:3478>; rel="ice-server"',
      '<turn:turn.test:3478?transport=udp>; rel="ice-server"; username="u"; credential="c"; credential-type="password"',
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['not JSON', '{'],
    ['turns, which OBS does not know', '[{"urls":"turns:turn.test"}]'],
    ['a comma, at which OBS splits', '[{"urls":"stun:a,b"}]'],
  ])('are left out when the setting is %s', (_what, configured) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(iceServerLinks(configured)).toEqual([]);
  });
});

describe('GET, OPTIONS and other methods', () => {
  it.each(['/whip', '/whip/se_anything'])('row 6: GET %s answers 204 without content', async (path) => {
    const response = await call(path);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  it.each(['/whip', '/whip/se_anything'])(
    'row 7: OPTIONS %s answers 200 with CORS and Accept-Post, without a token',
    async (path) => {
      const response = await call(path, {
        method: 'OPTIONS',
        headers: { Origin: 'https://studio.test', 'Access-Control-Request-Method': 'POST' },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('Accept-Post')).toBe('application/sdp');
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      const allowed = response.headers.get('Access-Control-Allow-Headers')!.toLowerCase();
      for (const name of ['authorization', 'content-type', 'if-match']) expect(allowed).toContain(name);
      for (const method of ['POST', 'PATCH', 'DELETE', 'OPTIONS', 'GET']) {
        expect(response.headers.get('Access-Control-Allow-Methods')).toContain(method);
      }
      expect(response.headers.has('Link')).toBe(false);
    },
  );

  it.each([
    ['PUT', '/whip', 'POST'],
    ['PATCH', '/whip', 'POST'],
    ['DELETE', '/whip', 'POST'],
    ['PUT', '/whip/se_anything', 'PATCH'],
    ['POST', '/whip/se_anything', 'DELETE'],
  ])('%s %s answers 405 and says what is allowed', async (method, path, allowed) => {
    const response = await call(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toContain(allowed);
    expect((await problemOf(response)).code).toBe('method_not_allowed');
  });
});

describe('PATCH to a session', () => {
  it('row 9: a candidate is relayed and answered 204 without body and ETag', async () => {
    const { path, token } = await publish();
    const response = await patch(path, token, { 'If-Match': ETAG });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(response.headers.has('ETag')).toBe(false);
    expect(nodes['first.test'].patches).toEqual([{ ifMatch: ETAG, fragment: 'a=candidate:1\r\n' }]);
  });

  it.each(['*', '"*"'])('row 10: If-Match %s stands for any', async (ifMatch) => {
    const { path, token } = await publish();
    expect((await patch(path, token, { 'If-Match': ifMatch })).status).toBe(204);
  });

  it('row 10: is 428 without If-Match and 412 with a stale one', async () => {
    const { path, token } = await publish();
    expect((await problemOf(await patch(path, token))).code).toBe('precondition_required');
    expect((await problemOf(await patch(path, token, { 'If-Match': '"old"' }))).code).toBe('stale_etag');
  });

  it('row 12: an ICE restart is 422', async () => {
    const { path, token } = await publish();
    expect((await patch(path, token, { 'If-Match': ETAG }, 'restart')).status).toBe(422);
  });

  it('row 9: another type is 415, a body that is too large 413', async () => {
    const { path, token } = await publish();
    expect((await patch(path, token, { 'If-Match': ETAG, 'Content-Type': 'application/sdp' })).status).toBe(415);
    expect((await patch(path, token, { 'If-Match': ETAG }, 'x'.repeat(21_000))).status).toBe(413);
  });

  it('row 17: needs the key of the channel', async () => {
    const { path } = await publish();
    const other = await openStream('ben');
    expect((await patch(path, null, { 'If-Match': ETAG })).status).toBe(401);
    expect((await patch(path, 'sk_wrong', { 'If-Match': ETAG })).status).toBe(401);
    expect((await patch(path, other.streamKey, { 'If-Match': ETAG })).status).toBe(403);
  });
});

describe('DELETE of a session', () => {
  it('row 13: is 200, and 404 the second time', async () => {
    const { path, token } = await publish();
    expect((await end(path, token)).status).toBe(200);
    expect(nodes['first.test'].sessions.size).toBe(0);
    expect((await problemOf(await end(path, token))).code).toBe('not_found');
  });

  it('row 13: is 200 when the node has ended it by itself', async () => {
    const { path, token } = await publish();
    nodes['first.test'].sessions.clear();
    expect((await end(path, token)).status).toBe(200);
  });

  it('row 17: needs the key of the channel; the one that opened it still closes it after a rotation', async () => {
    const { path, token, stream } = await publish();
    const other = await openStream('ben');
    expect((await end(path, null)).status).toBe(401);
    expect((await end(path, other.streamKey)).status).toBe(403);
    expect(nodes['first.test'].sessions.size).toBe(1);
    await as('ada', 'POST', `/api/v1/channels/${stream.channelId}/stream-key`, {});
    expect((await end(path, token)).status).toBe(200);
  });

  it('finds its node after the fleet was restarted', async () => {
    const { path, token } = await publish();
    await evictDurableObject(env.FLEET.get(env.FLEET.idFromName('fleet')));
    expect((await end(path, token)).status).toBe(200);
  });
});
