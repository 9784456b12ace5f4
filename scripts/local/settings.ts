// Where the local product stands: ports and folders, with what the environment may override.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Settings {
  root: string;
  /** Everything that the local product writes: database, media, logs, keys. */
  stateDir: string;
  logDir: string;
  /** Secrets of the Worker, in dotenv form. */
  varsFile: string;
  /** What a program needs to know to use the running product. */
  localFile: string;
  port: number;
  rtmpPort: number;
  controlPort: number;
  oidcPort: number;
  base: string;
  /** The local identity provider. */
  issuer: string;
  rtmpUrl: string;
}

/** The root of the checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A wrong port is answered by a sentence in the thrown error. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const stateDir = resolve(ROOT, env.FOOTLIGHT_STATE_DIR ?? '.footlight');
  const isDefault = stateDir === join(ROOT, '.footlight');
  const port = readPort(env, 'FOOTLIGHT_PORT', 8787);
  const rtmpPort = readPort(env, 'FOOTLIGHT_RTMP_PORT', 1935);
  const oidcPort = readPort(env, 'FOOTLIGHT_OIDC_PORT', 8937);
  return {
    root: ROOT,
    stateDir,
    logDir: join(stateDir, 'logs'),
    // wrangler and `npm run token` look for .dev.vars beside wrangler.toml.
    varsFile: isDefault ? join(ROOT, '.dev.vars') : join(stateDir, 'dev.vars'),
    localFile: join(stateDir, 'local.json'),
    port,
    rtmpPort,
    controlPort: readPort(env, 'FOOTLIGHT_CONTROL_PORT', 8936),
    oidcPort,
    base: `http://127.0.0.1:${port}`,
    issuer: `http://127.0.0.1:${oidcPort}`,
    rtmpUrl: `rtmp://127.0.0.1:${rtmpPort}/live`,
  };
}

function readPort(env: NodeJS.ProcessEnv, name: string, usual: number): number {
  const text = env[name];
  if (!text) return usual;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${name} is "${text}", which is not a port: set it to a number from 1 to 65535, or leave it out.`);
  }
  return port;
}
