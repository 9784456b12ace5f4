// A Worker alone, on a port and in a folder of its own: what bad traffic is sent to.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient, isClientFresh } from '../../local/client-build.ts';
import { freePort } from '../../local/free-port.ts';
import { ensureSecrets } from '../../local/secrets.ts';
import { migrateDatabase, startWorker, workerAnswers } from '../../local/services.ts';
import { readSettings } from '../../local/settings.ts';
import { abuseTokens } from './tokens.ts';

const READY_LIMIT_MS = 45_000;

export interface Target {
  base: string;
  tokens: string[];
  expiredToken: string;
  /** What the Worker wrote about itself. */
  log(): string;
  stop(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-abuse-'));
  const settings = readSettings({ FOOTLIGHT_PORT: String(await freePort()), FOOTLIGHT_STATE_DIR: stateDir });
  mkdirSync(settings.logDir, { recursive: true });
  await ensureSecrets(settings);
  await migrateDatabase(settings);
  if (!isClientFresh(settings.root)) await buildClient(settings.root, join(settings.logDir, 'client.log'));
  const worker = startWorker(settings);
  const stop = async (): Promise<void> => {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await workerAnswers(settings.base, READY_LIMIT_MS);
    const log = (): string => readFileSync(join(settings.logDir, 'worker.log'), 'utf8');
    return { base: settings.base, ...(await abuseTokens(settings.varsFile, settings.base)), log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
