// The deployed bundle in one workerd, with a direct socket to it, and people enough to speak in a room.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { signAccessToken } from '../../../src/auth/access-token.ts';
import { signingKey } from '../../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../../src/protocol/api.ts';
import type { RoomTicket } from '../../../src/protocol/chat.ts';
import { UserId } from '../../../src/protocol/ids.ts';
import { readJson, signIn } from '../../local/api.ts';
import { buildClient, isClientFresh } from '../../local/client-build.ts';
import { freePort } from '../../local/free-port.ts';
import { ensureSecrets } from '../../local/secrets.ts';
import { migrateDatabase, workerAnswers } from '../../local/services.ts';
import { readSettings, type Settings } from '../../local/settings.ts';
import { runTool } from '../../local/tools.ts';
import { startBundle } from '../bundle.ts';

const READY_LIMIT_MS = 45_000;
/** Old enough that no judge takes them for newcomers. */
const ACCOUNT_AGE_MS = 365 * 24 * 3_600_000;

export interface RoomProduct {
  /** The way past the router of Miniflare; the sockets go there. */
  directPort: number;
  /** The path of the room's socket, without a query. */
  socketPath: string;
  /** One ticket for each speaker, good for a minute. */
  tickets(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRoomProduct({
  speakers,
  vars,
}: {
  speakers: number;
  vars: Record<string, string>;
}): Promise<RoomProduct> {
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
  const settings = readSettings({ FOOTLIGHT_STATE_DIR: stateDir, FOOTLIGHT_PORT: String(await freePort()) });
  mkdirSync(settings.logDir, { recursive: true });
  await ensureSecrets(settings);
  if (!isClientFresh(settings.root)) await buildClient(settings.root, join(settings.logDir, 'client.log'));
  await migrateDatabase(settings);
  const ids = Array.from({ length: speakers }, (_, nth) => UserId.parse(`us_speaker${nth}`));
  await keepPeople(settings, ids);
  const directPort = await freePort();
  const worker = await startBundle(settings, {
    entry: 'scripts/bench/room/direct-entry.ts',
    direct: { port: directPort, entrypoint: 'Direct' },
    vars,
  });
  const stop = async (): Promise<void> => {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await workerAnswers(settings.base, READY_LIMIT_MS);
    const ask = await signIn(settings.base, 'ada');
    const { id } = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title: 'Load' }));
    const tokens = await accessTokens(settings, ids);
    const socketPath = `/api/v1/streams/${id}/room`;
    const ticketOf = async (token: string): Promise<string> => {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`${settings.base}${socketPath}/tickets`, { method: 'POST', headers });
      return (await readJson<RoomTicket>(answer)).ticket;
    };
    return { directPort, socketPath, tickets: () => Promise.all(tokens.map(ticketOf)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Accounts of a year, written before the Worker starts: the cast of local mode is five. */
async function keepPeople({ root, stateDir, logDir }: Settings, ids: readonly UserId[]): Promise<void> {
  const file = join(stateDir, 'people.sql');
  const rows = ids.map(
    (id, nth) => `('${id}', 'speaker${nth}', 'Speaker ${nth}', 'viewer', ${Date.now() - ACCOUNT_AGE_MS})`,
  );
  writeFileSync(file, `INSERT INTO users (id, handle, name, platform_role, created_at_ms) VALUES ${rows.join(',\n')};`);
  await runTool({
    root,
    name: 'wrangler',
    file: 'node_modules/wrangler/bin/wrangler.js',
    args: ['d1', 'execute', 'footlight', '--local', '--persist-to', join(stateDir, 'state'), '--file', file, '--yes'],
    logFile: join(logDir, 'people.log'),
    env: { CI: 'true' },
  });
}

/** Signed as `npm run token` signs, with the key of this local product. */
async function accessTokens({ varsFile, base }: Settings, ids: readonly UserId[]): Promise<string[]> {
  const key = await signingKey(parseEnv(readFileSync(varsFile, 'utf8')).TOKEN_KEY);
  const nowSeconds = Math.floor(Date.now() / 1000);
  return Promise.all(
    ids.map((userId) =>
      signAccessToken(key, { base, userId, clientId: 'footlight-cli', nowSeconds, lifetimeSeconds: 3600 }),
    ),
  );
}
