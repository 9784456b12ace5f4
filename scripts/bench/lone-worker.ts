// The deployed bundle in one workerd, on a port and in a folder of its own, with nothing beside it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';
import { ensureSecrets } from '../local/secrets.ts';
import { migrateDatabase, workerAnswers } from '../local/services.ts';
import { readSettings } from '../local/settings.ts';
import { type BundleOptions, startBundle } from './bundle.ts';

const READY_LIMIT_MS = 45_000;

export async function startLoneWorker(options: BundleOptions = {}): Promise<{ base: string; stop(): Promise<void> }> {
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
  const settings = readSettings({ FOOTLIGHT_STATE_DIR: stateDir, FOOTLIGHT_PORT: String(await freePort()) });
  mkdirSync(settings.logDir, { recursive: true });
  await ensureSecrets(settings);
  await migrateDatabase(settings);
  const worker = await startBundle(settings, options);
  const stop = async (): Promise<void> => {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await workerAnswers(settings.base, READY_LIMIT_MS);
    return { base: settings.base, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
