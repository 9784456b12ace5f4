// `npm run bench:audit`: how many rows a second the audit log accepts, drains into the chain, and verifies.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { AuditPage } from '../../src/protocol/audit-log.ts';
import { accessTokenOf } from '../audit/local-token.ts';
import { verifyAuditLog } from '../audit/verify.ts';
import { type Ask, readJson, signIn } from '../local/api.ts';
import { freePort } from '../local/free-port.ts';
import { ensureSecrets } from '../local/secrets.ts';
import { migrateDatabase, workerAnswers } from '../local/services.ts';
import { readSettings } from '../local/settings.ts';
import { startBundle } from './bundle.ts';
import { inSeconds, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '2000' }, connections: { type: 'string', default: '16' } },
});
const ROWS = Number(options.rows);
const CONNECTIONS = Number(options.connections);
const DRAIN_LIMIT_MS = 120_000;

const load = loadavg()[0]?.toFixed(1) ?? '';
const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
const settings = readSettings({ FOOTLIGHT_STATE_DIR: stateDir, FOOTLIGHT_PORT: String(await freePort()) });
mkdirSync(settings.logDir, { recursive: true });
await ensureSecrets(settings);
await migrateDatabase(settings);
const server = await startBundle(settings, { lifted: ['REFUSAL_LIMIT'] });
try {
  await workerAnswers(settings.base, 30_000);
  const [ada, root] = [await signIn(settings.base, 'ada'), await signIn(settings.base, 'root')];
  const before = await lastSeq(root);
  const startedMs = performance.now();
  await refuse(ada);
  const acceptedMs = performance.now() - startedMs;
  await drained(root, before + ROWS);
  const drainedMs = performance.now() - startedMs;
  const verifyStartedMs = performance.now();
  const { rows, findings } = await verifyAuditLog({
    base: settings.base,
    token: accessTokenOf(settings, 'root'),
    known: null,
  });
  const verifiedMs = performance.now() - verifyStartedMs;
  if (findings.length > 0 || rows < ROWS)
    throw new Error(`${rows} rows and ${findings.length} findings after the load.`);
  const perSecond = (count: number, ms: number): string => `${Math.round(count / (ms / 1000))} (${inSeconds(ms)} s)`;
  console.info(
    `\n${table(
      ['rows', 'accepted/s', 'in the chain/s, from the first request', 'verified/s', 'load before'],
      [[ROWS, perSecond(ROWS, acceptedMs), perSecond(ROWS, drainedMs), perSecond(rows, verifiedMs), load]],
    )}`,
  );
} finally {
  await server.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

/** A refused right leaves a row and is no write, so nothing but REFUSAL_LIMIT would slow it down: the log alone is measured. */
async function refuse(ask: Ask): Promise<void> {
  let left = ROWS;
  const connection = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await ask('GET', '/api/v1/audit');
      await answer.arrayBuffer();
      if (answer.status !== 403) throw new Error(`A request was answered with ${answer.status} and not refused.`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

async function drained(ask: Ask, seq: number): Promise<void> {
  const deadline = Date.now() + DRAIN_LIMIT_MS;
  while ((await lastSeq(ask)) < seq) {
    if (Date.now() > deadline) throw new Error(`The rows were not in the log within ${DRAIN_LIMIT_MS / 1000} s.`);
    await sleep(50);
  }
}

async function lastSeq(ask: Ask): Promise<number> {
  const { events } = await readJson<AuditPage>(await ask('GET', '/api/v1/audit?limit=1'));
  return events[0]?.seq ?? 0;
}
