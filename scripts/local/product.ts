// The whole product on ports and in a folder of its own, started by the very script that users start.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { LocalDetails } from './report.ts';
import { ROOT } from './settings.ts';

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 8000;

export interface Ports {
  port: number;
  rtmpPort: number;
  controlPort: number;
  oidcPort: number;
}

/** Ports that nobody listens on at this moment. */
export const freePorts = async (): Promise<Ports> => ({
  port: await freePort(),
  rtmpPort: await freePort(),
  controlPort: await freePort(),
  oidcPort: await freePort(),
});

export interface Product {
  details: LocalDetails;
  ports: Ports;
  stateDir: string;
  pid: number;
  /** How long the start took. */
  readyMs: number;
  /** The exit code, once it has ended. */
  exited: Promise<number | null>;
  output(): string;
  log(name: 'worker' | 'transcoder' | 'identity-provider' | 'broadcast'): string;
  /** As ctrl-C does; resolves with the time that it took and the exit code. */
  stop(signal?: NodeJS.Signals): Promise<{ ms: number; code: number | null }>;
  /** As closing the terminal window does: nobody listens any more, and then the signal comes. */
  hangUp(): Promise<{ ms: number; code: number | null }>;
}

export interface ProductOptions {
  demo?: boolean;
  ports?: Ports;
  /** Kept when the caller gives one, removed at the end otherwise. */
  stateDir?: string;
}

export async function startProduct({ demo = false, ports, stateDir }: ProductOptions = {}): Promise<Product> {
  const chosen = ports ?? (await freePorts());
  const dir = stateDir ?? mkdtempSync(join(tmpdir(), 'footlight-'));
  const started = Date.now();
  const { child, exited, output } = runStartScript({ demo, ports: chosen, stateDir: dir });
  const stop = async (signal: NodeJS.Signals = 'SIGINT'): Promise<{ ms: number; code: number | null }> => {
    const asked = Date.now();
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    child.kill(signal);
    const code = await exited;
    clearTimeout(limit);
    if (!stateDir) rmSync(dir, { recursive: true, force: true });
    return { ms: Date.now() - asked, code };
  };

  const hangUp = (): Promise<{ ms: number; code: number | null }> => {
    child.stdout?.destroy();
    child.stderr?.destroy();
    return stop('SIGHUP');
  };

  const file = join(dir, 'local.json');
  for (;;) {
    const details = readJson<LocalDetails>(file);
    // The file of an earlier start is removed before anything is started.
    if (details && output().includes('Ctrl-C')) {
      const log = (name: string): string => readFileSync(join(dir, 'logs', `${name}.log`), 'utf8');
      return {
        details,
        ports: chosen,
        stateDir: dir,
        pid: child.pid ?? 0,
        readyMs: Date.now() - started,
        exited,
        output,
        log,
        stop,
        hangUp,
      };
    }
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || Date.now() - started > START_LIMIT_MS) {
      await stop();
      throw new Error(`The product did not start:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The start script alone, for tests of what it says and how it ends. */
export function runStartScript({
  demo,
  ports,
  stateDir,
  env = {},
}: {
  demo: boolean;
  ports: Ports;
  stateDir: string;
  env?: NodeJS.ProcessEnv;
}) {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'scripts/start.ts'), ...(demo ? ['--demo'] : [])], {
    cwd: ROOT,
    env: {
      ...process.env,
      FOOTLIGHT_PORT: String(ports.port),
      FOOTLIGHT_RTMP_PORT: String(ports.rtmpPort),
      FOOTLIGHT_CONTROL_PORT: String(ports.controlPort),
      FOOTLIGHT_OIDC_PORT: String(ports.oidcPort),
      FOOTLIGHT_STATE_DIR: stateDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const collect = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, exited, output: () => text };
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
