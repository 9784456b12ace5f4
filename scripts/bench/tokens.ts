// `npm run bench:tokens`: how long a token takes to sign and to check, and what the guards cost a request.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { signAccessToken, verifyAccessToken } from '../../src/auth/access-token.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { GrantId, UserId } from '../../src/protocol/ids.ts';
import type { ConsentOutcome, RegisteredApp, TokenBody } from '../../src/protocol/oauth.ts';
import { type Ask, readJson, signIn } from '../local/api.ts';
import { startLoneWorker } from './lone-worker.ts';
import { processorSeconds } from './processes.ts';
import { percentile, table } from './statistics.ts';
import { measureTags } from './tags.ts';
import { answeredPerSecond, type Credentials } from './throughput.ts';

const { values: options } = parseArgs({
  options: {
    /** Of one round: short, so that what else the machine does falls on all. */
    seconds: { type: 'string', default: '0.6' },
    rounds: { type: 'string', default: '40' },
    /** So many that the Worker always has somebody to answer: how many it can answer in a second is the question. */
    connections: { type: 'string', default: '64' },
    /** What is measured, of these three. */
    parts: { type: 'string', default: 'tokens,tags,guard' },
  },
});
const ROUND_MS = Number(options.seconds) * 1000;
const ROUNDS = Number(options.rounds);
const CONNECTIONS = Number(options.connections);
/** Whose tokens and sessions take turns, so that it is not one row that is looked up. */
const PEOPLE = ['ada', 'ben', 'cleo', 'mod'];
const REPEATS = 2000;
const CALLBACK = 'https://bench.example/callback';
/** RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const PARTS = options.parts.split(',');
if (PARTS.includes('tokens')) console.info(`\n${table(['token', 'p50 ms', 'p95 ms'], await measureTokens())}`);
if (PARTS.includes('tags')) {
  const tags = await measureTags({ connections: CONNECTIONS, forMs: 2000, rounds: 9 });
  console.info(`\n${table(['GET', 'bytes', 'without tags/s', 'with them/s', 'they cost'], tags)}`);
}
if (PARTS.includes('guard')) {
  const heads = ['of nobody: ms', 'with a token: ms', 'costs', 'with a session: ms', 'costs', 'answers/s of each'];
  console.info(`\n${table(['GET', ...heads], await measureGuard())}`);
}
console.info(
  `\nNode ${process.versions.node} signs and checks; one workerd answers, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each way in turns; ms of processor that workerd takes for an answer. ${cpus().length} cores shared with the asking side, load ${loadavg()[0]?.toFixed(1)}.`,
);

async function measureTokens(): Promise<(string | number)[][]> {
  const base = 'https://bench.example';
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = await signingKey(JSON.stringify(await exportJWK(privateKey)));
  const nowSeconds = Math.floor(Date.now() / 1000);
  const ids = { userId: UserId.parse('us_bench'), clientId: 'ap_bench', grantId: GrantId.parse('gr_bench') };
  const sign = () => signAccessToken(key, { base, ...ids, nowSeconds, lifetimeSeconds: 600 });
  const token = await sign();
  const check = () => verifyAccessToken(key, { token, base, nowSeconds });
  return [
    ['signed', ...spread(await timed(sign))],
    ['checked', ...spread(await timed(check))],
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < REPEATS; index++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

function spread(values: number[]): string[] {
  return [0.5, 0.95].map((share) => percentile(values, share).toFixed(3));
}

async function measureGuard(): Promise<(string | number)[][]> {
  const worker = await startLoneWorker();
  const { base } = worker;
  try {
    const credentials = await credentialsOf(base);
    const ask = await signIn(base, 'ada');
    const { id } = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title: 'x' }));
    const doors = ['/api/v1/streams?state=waiting', `/api/v1/streams/${id}`];
    const rows = [];
    for (const path of doors) rows.push([path.replace(id, '{id}'), ...(await compare(base + path, credentials))]);
    return rows;
  } finally {
    await worker.stop();
  }
}

interface Spent {
  answers: number;
  processorMs: number;
}

/**
 * In short rounds in turns, so that what else the machine does falls on all; and by the processor time of workerd, which a host that takes the
 * processor away does not lengthen as it lengthens the answers.
 */
async function compare(
  url: string,
  { tokens, sessions }: { tokens: Credentials; sessions: Credentials },
): Promise<string[]> {
  const senders = [[{}], tokens, sessions];
  const spent = senders.map((): Spent => ({ answers: 0, processorMs: 0 }));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, credentials] of senders.entries()) {
      const beganMs = processorSeconds('workerd') * 1000;
      const perSecond = await answeredPerSecond(url, { credentials, connections: CONNECTIONS, forMs: ROUND_MS });
      // The first round warms up.
      if (round < 0) continue;
      spent[index]!.answers += (perSecond * ROUND_MS) / 1000;
      spent[index]!.processorMs += processorSeconds('workerd') * 1000 - beganMs;
    }
  }
  const [open = Number.NaN, ...guarded] = spent.map(({ answers, processorMs }) => processorMs / answers);
  const perSecond = spent.map(({ answers }) => ((answers / ROUNDS / ROUND_MS) * 1000).toFixed(0));
  return [
    open.toFixed(2),
    ...guarded.flatMap((one) => [one.toFixed(2), `${((1 - open / one) * 100).toFixed(0)} %`]),
    perSecond.join(' / '),
  ];
}

/** As an app gets a token: registered, allowed, exchanged; and the cookies of the same people. */
async function credentialsOf(base: string): Promise<{ tokens: Credentials; sessions: Credentials }> {
  const scope = 'streams:read';
  const owner = await signIn(base, 'ada');
  const app = await readJson<RegisteredApp>(
    await owner('POST', '/api/v1/apps', { name: 'Bench', type: 'public', redirectUris: [CALLBACK], scopes: [scope] }),
  );
  const tokens: Credentials = [];
  const sessions: Credentials = [];
  for (const name of PEOPLE) {
    const signedIn = await fetch(`${base}/api/v1/session`, {
      method: 'POST',
      headers: { Origin: base, 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: name }),
      signal: AbortSignal.timeout(10_000),
    });
    const cookies = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]);
    sessions.push({ Cookie: cookies.join('; ') });
    const token = await tokenOfApp(base, { ask: await signIn(base, name), clientId: app.id, scope });
    tokens.push({ Authorization: `Bearer ${token}` });
  }
  return { tokens, sessions };
}

async function tokenOfApp(
  base: string,
  { ask, clientId, scope }: { ask: Ask; clientId: string; scope: string },
): Promise<string> {
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }).toString();
  const { redirectTo } = await readJson<ConsentOutcome>(await ask('POST', '/api/v1/consent', { request, allow: true }));
  const code = new URL(redirectTo).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const body = new URLSearchParams({ ...form, client_id: clientId });
  const tokens = await fetch(`${base}/oauth/token`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
  return (await readJson<TokenBody>(tokens)).access_token;
}
