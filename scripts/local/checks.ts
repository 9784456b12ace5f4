// What must be true before anything is started; each failure is one plain sentence.
import { createServer } from 'node:net';
import { findFfmpeg } from '../../transcoder/ffmpeg-path.ts';
import type { Settings } from './settings.ts';

const NODE_MAJOR_MIN = 24;

/** A foreseen refusal to start: its message is all that the user needs to read. */
export class CannotStart extends Error {}

export function checkNode(version: string): void {
  if (Number(version.split('.')[0]) >= NODE_MAJOR_MIN) return;
  throw new CannotStart(
    `This is Node ${version}, and Footlight runs on Node ${NODE_MAJOR_MIN}: start it with "npm start" or "npm run demo" after "npm install", which brings that Node along.`,
  );
}

export async function checkPorts({ port, rtmpPort, controlPort, oidcPort }: Settings): Promise<void> {
  const wanted = [
    { port, use: 'the web pages', name: 'FOOTLIGHT_PORT' },
    { port: rtmpPort, use: 'RTMP', name: 'FOOTLIGHT_RTMP_PORT' },
    { port: controlPort, use: "the transcoder's control door", name: 'FOOTLIGHT_CONTROL_PORT' },
    { port: oidcPort, use: 'the local identity provider', name: 'FOOTLIGHT_OIDC_PORT' },
  ];
  for (const { port, use, name } of wanted) {
    if (await isFree(port)) continue;
    throw new CannotStart(
      `Port ${port}, needed for ${use}, is taken by another program: stop that program, or choose another port with ${name}=<number>.`,
    );
  }
}

/** The ffmpeg that the transcoder itself would choose. */
export async function requireFfmpeg(env: NodeJS.ProcessEnv): Promise<string> {
  const found = await findFfmpeg({ env });
  if (found.ok) return found.path;
  throw new CannotStart(found.detail);
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
