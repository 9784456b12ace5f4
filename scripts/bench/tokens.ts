// `npm run bench:tokens`: how long a token takes to sign and to check, and what the guard costs a request of an app.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { signAccessToken, verifyAccessToken } from '../../src/auth/access-token.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { GrantId, UserId } from '../../src/protocol/ids.ts';
import type { ConsentOutcome, RegisteredApp, TokenBody } from '../../src/protocol/oauth.ts';
import { type Ask, readJson, signIn } from '../local/api.ts';
import { freePort } from '../local/free-port.ts';
import { ensureSecrets } from '../local/secrets.ts';
import { migrateDatabase, workerAnswers } from '../local/services.ts';
import { readSettings } from '../local/settings.ts';
import { startBundle } from './bundle.ts';
import { percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '5' } },
});
const ROUND_MS = Number(options.seconds) * 1000;
const ROUNDS = Number(options.rounds);
const CONNECTIONS = 16;
const REPEATS = 2000;
const CALLBACK = 'https://bench.example/callback';
/** RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

console.info(`\n${table(['token', 'p50 ms', 'p95 ms'], await measureTokens())}`);
console.info(`\n${table(['GET', 'without a token/s', 'with one/s', 'the guard costs'], await measureGuard())}`);
console.info(
  `\nNode ${process.versions.node} signs and checks; one workerd answers, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each way in turns, medians. ${cpus().length} cores shared with the asking side, load ${loadavg()[0]?.toFixed(1)}.`,
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
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
  const settings = readSettings({ FOOTLIGHT_STATE_DIR: stateDir, FOOTLIGHT_PORT: String(await freePort()) });
  mkdirSync(settings.logDir, { recursive: true });
  await ensureSecrets(settings);
  await migrateDatabase(settings);
  const worker = await startBundle(settings);
  try {
    await workerAnswers(settings.base, 45_000);
    const ask = await signIn(settings.base, 'ada');
    const token = await tokenOfApp(settings.base, ask);
    const { id } = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title: 'x' }));
    const doors = ['/api/v1/streams?state=waiting', `/api/v1/streams/${id}`];
    const rows = [];
    for (const path of doors) rows.push([path.replace(id, '{id}'), ...(await compare(settings.base + path, token))]);
    return rows;
  } finally {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** In turns, so that what else the machine does falls on both. */
async function compare(url: string, token: string): Promise<string[]> {
  const open: number[] = [];
  const guarded: number[] = [];
  await answeredPerSecond(url, token, ROUND_MS);
  for (let round = 0; round < ROUNDS; round++) {
    open.push(await answeredPerSecond(url, null, ROUND_MS));
    guarded.push(await answeredPerSecond(url, token, ROUND_MS));
  }
  const [without, with_] = [percentile(open, 0.5), percentile(guarded, 0.5)];
  return [without.toFixed(0), with_.toFixed(0), `${((1 - with_ / without) * 100).toFixed(0)} %`];
}

async function answeredPerSecond(url: string, token: string | null, forMs: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const began = performance.now();
  let answered = 0;
  const askOn = async (): Promise<void> => {
    while (performance.now() - began < forMs) {
      await answer(url, headers, agent);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  agent.destroy();
  return (answered / (performance.now() - began)) * 1000;
}

function answer(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).once('error', reject);
  });
}

/** As an app gets one: registered, allowed, exchanged. */
async function tokenOfApp(base: string, ask: Ask): Promise<string> {
  const scope = 'streams:read';
  const app = await readJson<RegisteredApp>(
    await ask('POST', '/api/v1/apps', { name: 'Bench', type: 'public', redirectUris: [CALLBACK], scopes: [scope] }),
  );
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: app.id,
    redirect_uri: CALLBACK,
    scope,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }).toString();
  const { redirectTo } = await readJson<ConsentOutcome>(await ask('POST', '/api/v1/consent', { request, allow: true }));
  const code = new URL(redirectTo).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const body = new URLSearchParams({ ...form, client_id: app.id });
  const tokens = await fetch(`${base}/oauth/token`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
  return (await readJson<TokenBody>(tokens)).access_token;
}
