// The long-running parts of the product as local child processes: the Worker, the transcoder, the identity provider.
import { join } from 'node:path';
import { LOCAL_PROVIDER_ID } from '../../src/protocol/sign-in.ts';
import { type Child, startChild } from './children.ts';
import type { Settings } from './settings.ts';
import { quietWrangler, runTool } from './tools.ts';

export const migrateDatabase = ({ root, stateDir, logDir }: Settings): Promise<void> =>
  runTool({
    root,
    name: 'the migration of the database',
    file: 'scripts/local/migrate.ts',
    args: [root, join(stateDir, 'state')],
    logFile: join(logDir, 'migrations.log'),
  });

export const startWorker = ({ root, stateDir, logDir, varsFile, port }: Settings): Child =>
  startChild({
    name: 'Worker',
    command: process.execPath,
    args: [
      join(root, 'node_modules/wrangler/bin/wrangler.js'),
      'dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
      ...['--persist-to', join(stateDir, 'state'), '--env-file', varsFile],
      ...['--log-level', 'warn', '--show-interactive-dev-session=false'],
    ],
    env: { ...process.env, ...quietWrangler },
    cwd: root,
    logFile: join(logDir, 'worker.log'),
    graceMs: 2000,
  });

export const startTranscoder = (
  { root, logDir, base, rtmpPort, controlPort }: Settings,
  { nodeSecret, ffmpeg }: { nodeSecret: string; ffmpeg: string },
): Child =>
  startChild({
    name: 'transcoder',
    command: process.execPath,
    args: [join(root, 'transcoder/main.ts')],
    env: {
      ...process.env,
      EDGE_URL: base,
      NODE_SECRET: nodeSecret,
      RTMP_PORT: String(rtmpPort),
      CONTROL_PORT: String(controlPort),
      FOOTLIGHT_FFMPEG: ffmpeg,
    },
    cwd: root,
    logFile: join(logDir, 'transcoder.log'),
    graceMs: 1200,
  });

export const startIdentityProvider = (
  { root, stateDir, logDir, base, oidcPort }: Settings,
  client: { id: string; secret: string },
): Child =>
  startChild({
    name: 'identity provider',
    command: process.execPath,
    args: [join(root, 'scripts/local/identity-provider.ts')],
    env: {
      ...process.env,
      OIDC_PORT: String(oidcPort),
      OIDC_KEYS_FILE: join(stateDir, 'identity-provider.json'),
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_REDIRECT_URI: `${base}/auth/${LOCAL_PROVIDER_ID}/callback`,
    },
    cwd: root,
    logFile: join(logDir, 'identity-provider.log'),
    graceMs: 500,
  });

/** Waits until the Worker answers its own API. */
export async function workerAnswers(base: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (let last = 'no answer'; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      const answer = await fetch(`${base}/api/v1/streams`, { signal: AbortSignal.timeout(5000) });
      await answer.arrayBuffer();
      if (answer.ok) return;
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`the Worker did not answer within ${limitMs / 1000} s (${last})`);
  }
}
