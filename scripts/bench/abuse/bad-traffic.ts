// Bad requests of every kind, from a seed: the same seed sends the same bytes.

export interface BadRequest {
  kind: Kind;
  bytes: Buffer;
}

export const KINDS = [
  'random body',
  'huge header',
  'body of 10 MB',
  'unknown method',
  'header injection',
  'path trick',
  'forged token',
  'wrong values',
  'wrong type',
  'bad WHIP',
  'bad OAuth form',
] as const;
export type Kind = (typeof KINDS)[number];

/** Rare enough that the network of the machine itself is not what is measured. */
const HEAVY: readonly Kind[] = ['body of 10 MB'];
const HEAVY_SHARE = 0.02;
const POOL_BYTES = 1024 * 1024;
const HUGE_BYTES = 10 * 1024 * 1024;

export interface BadTrafficOptions {
  random: () => number;
  host: string;
  /** Good ones of several people, for what is bad in another way: one sender alone would soon meet the limit of writes. */
  tokens: readonly string[];
  expiredToken: string;
}

export function badTraffic({ random, host, tokens, expiredToken }: BadTrafficOptions): () => BadRequest {
  const light = KINDS.filter((kind) => !HEAVY.includes(kind));
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  // Made once and cut anew each time: the generator must not be what is measured.
  const pool = Buffer.from(Array.from({ length: POOL_BYTES }, () => Math.floor(random() * 256)));
  const noise = (length: number): Buffer => {
    const at = Math.floor(random() * (POOL_BYTES - length));
    return pool.subarray(at, at + length);
  };
  const text = (length: number): string => noise(length).toString('base64url').slice(0, length);
  const json = { 'Content-Type': 'application/json' };
  const huge = Buffer.alloc(HUGE_BYTES, 'x');
  let turn = 0;
  const bearer = () => ({ Authorization: `Bearer ${tokens[turn++ % tokens.length]}` });

  const request = (method: string, path: string, headers: Record<string, string> = {}, body: Buffer | string = '') => {
    const length = Buffer.byteLength(body);
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
    for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
    if (length > 0 || method === 'POST' || method === 'PATCH') head.push(`Content-Length: ${length}`);
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
  };

  const makers: Record<Kind, () => Buffer> = {
    'random body': () =>
      request('POST', pick(WRITES), pick([json, { ...json, ...bearer() }]), noise(1 + Math.floor(random() * 4000))),
    'huge header': () => request('GET', '/api/v1/streams', { 'X-Filler': text(pick([20_000, 70_000, 200_000])) }),
    'body of 10 MB': () => request('POST', pick(WRITES), { ...json, ...bearer() }, huge),
    'unknown method': () => request(pick(['BREW', 'PROPFIND', 'get', 'PUT', 'TRACE', text(12)]), '/api/v1/streams'),
    'header injection': () =>
      pick([
        () => request('GET', `/api/v1/streams?genre=${pick(INJECTED)}`),
        () => request('GET', `/api/v1/streams/${pick(INJECTED)}`, { 'X-Request-Id': `<script>${text(9)}` }),
        () => request('POST', '/api/v1/streams', { ...json, 'Idempotency-Key': 'a b\tc' }, '{}'),
        () => request('GET', '/api/v1/streams/nowhere', { 'X-Request-Id': 'a\r\n\tfolded' }),
        () => request('GET', '/api/v1/streams', { 'Bad Header': 'x', 'X-Nul': 'a\0b' }),
      ])(),
    'path trick': () => request('GET', pick(TRICKS)(text)),
    'forged token': () =>
      request('GET', '/api/v1/channels', { Authorization: `Bearer ${pick(forged(tokens[0]!, expiredToken))}` }),
    'wrong values': () => request('GET', pick(WRONG)(text), random() < 0.3 ? bearer() : {}),
    'wrong type': () =>
      request(
        'POST',
        pick(WRITES),
        { ...bearer(), 'Content-Type': pick(['text/xml', 'multipart/form-data', text(30)]) },
        text(50),
      ),
    'bad WHIP': () =>
      request(
        'POST',
        '/whip',
        { Authorization: `Bearer sk_${text(20)}`, 'Content-Type': 'application/sdp' },
        text(300),
      ),
    'bad OAuth form': () =>
      request(
        'POST',
        pick(['/oauth/token', '/oauth/revoke', '/oauth/introspect']),
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        pick([`grant_type=${text(12)}`, `grant_type=authorization_code&code=${text(40)}`, noise(200)]),
      ),
  };
  return () => {
    const kind = random() < HEAVY_SHARE ? pick(HEAVY) : pick(light);
    return { kind, bytes: makers[kind]() };
  };
}

const WRITES = ['/api/v1/streams', '/streams', '/api/v1/channels/ch_nowhere/stream-key', '/api/v1/session'];

const INJECTED = [
  '%0d%0aSet-Cookie:%20footlight=stolen',
  '%0aLocation:%20https://elsewhere.test',
  '%00',
  "'%20OR%201=1--",
  '%3Cscript%3Ealert(1)%3C/script%3E',
];

/** All of them stay with the Worker, however they are read. */
const TRICKS: readonly ((text: (length: number) => string) => string)[] = [
  () => '/api/v1/streams/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  () => '/api/v1/..%2f..%2f.dev.vars',
  () => '/api//v1//streams',
  () => '/api/v1/streams/st_abcd%00',
  () => '/api/v1/streams/%ff%fe',
  () => '/live/%2e%2e%2f%2e%2e/index.m3u8',
  () => '/live/st_nowhere/720p/g1/..%5c..%5cinit.mp4',
  () => '/live/st_nowhere/__proto__/index.m3u8',
  (text) => `/api/v1/streams/${text(8000)}`,
  () => '/api/v1/constructor/prototype',
  () => '/api/v1/./nowhere/../nowhere',
];

const WRONG: readonly ((text: (length: number) => string) => string)[] = [
  (text) => `/api/v1/streams?limit=${text(5)}`,
  () => '/api/v1/streams?limit=-1',
  () => '/api/v1/streams?limit=1e9',
  (text) => `/api/v1/streams?cursor=${text(60)}`,
  (text) => `/api/v1/streams?genre=${text(10)}`,
  () => '/api/v1/streams?state=live&state=waiting',
  (text) => `/api/v1/streams/${text(10)}`,
  (text) => `/api/v1/users?handle=${'%20'.repeat(3)}${text(3)}`,
];

function forged(token: string, expiredToken: string): string[] {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const hmac = Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url');
  const root = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('us_ada0', 'us_root0')).toString(
    'base64url',
  );
  return [
    expiredToken,
    `${none}.${claims}.`,
    `${hmac}.${claims}.${signature}`,
    `${head}.${root}.${signature}`,
    `${head}.${claims}.${'A'.repeat(86)}`,
    'not.a.token',
    'x'.repeat(4000),
  ];
}
