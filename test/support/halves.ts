// The two halves of the product, each of which a test may kill and start again while the other runs on.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../../scripts/local/children.ts';
import { buildClient, isClientFresh } from '../../scripts/local/client-build.ts';
import { freePort } from '../../scripts/local/free-port.ts';
import { type LocalDetails, localDetails } from '../../scripts/local/report.ts';
import { ensureSecrets } from '../../scripts/local/secrets.ts';
import { seedChannels } from '../../scripts/local/seed.ts';
import { migrateDatabase, startTranscoder, startWorker, workerAnswers } from '../../scripts/local/services.ts';
import { readSettings } from '../../scripts/local/settings.ts';
import { FFMPEG } from './ffmpeg.ts';

const READY_LIMIT_MS = 45_000;

export interface Halves {
  details: LocalDetails;
  worker: Half;
  transcoder: Half;
  stop(): Promise<void>;
}
export interface Half {
  pid(): number;
  /** No goodbye: the whole process group at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startHalves(): Promise<Halves> {
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-halves-'));
  const settings = readSettings({
    FOOTLIGHT_PORT: String(await freePort()),
    FOOTLIGHT_RTMP_PORT: String(await freePort()),
    FOOTLIGHT_CONTROL_PORT: String(await freePort()),
    FOOTLIGHT_STATE_DIR: stateDir,
  });
  mkdirSync(settings.logDir, { recursive: true });
  const { nodeSecret } = await ensureSecrets(settings);
  await migrateDatabase(settings);
  if (!isClientFresh(settings.root)) await buildClient(settings.root, join(settings.logDir, 'client.log'));

  const worker = half(
    () => startWorker(settings),
    () => workerAnswers(settings.base, READY_LIMIT_MS),
  );
  const transcoder = half(
    () => startTranscoder(settings, { nodeSecret, ffmpeg: FFMPEG }),
    async (child) => void (await child.line(/^transcoder ready/)),
  );
  await worker.start();
  await transcoder.start();
  const details = localDetails(settings, await seedChannels(settings), false);
  return {
    details,
    worker,
    transcoder,
    stop: async () => {
      await transcoder.kill();
      await worker.kill();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

function half(spawn: () => Child, ready: (child: Child) => Promise<void>): Half {
  let child: Child | null = null;
  return {
    pid: () => child?.pid ?? 0,
    kill: async () => {
      if (!child) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
      await child.exited;
    },
    start: async () => {
      child = spawn();
      await ready(child);
    },
  };
}

/** The processes below a process whose command line matches. */
export function descendants(rootPid: number, command: RegExp): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(parentOf),
  );
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === rootPid || isBelow(parent));
  };
  return [...parents.keys()].filter(
    (pid) => isBelow(pid) && command.test(tryRead(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')),
  );
}

function parentOf(name: string): [number, number][] {
  const stat = tryRead(`/proc/${name}/stat`);
  return stat === '' ? [] : [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
