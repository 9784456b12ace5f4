// `npm start` and `npm run demo`: the whole product on this machine, until ctrl-C.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_CAST } from '../src/auth/local-cast.ts';
import { type Broadcast, startBroadcast } from './local/broadcast.ts';
import { CannotStart, checkNode, checkPorts, requireFfmpeg } from './local/checks.ts';
import { type Child, tailOf } from './local/children.ts';
import { buildClient, isClientFresh } from './local/client-build.ts';
import { blank, detail, failure, heading, note, step } from './local/console.ts';
import { type LocalDetails, localDetails } from './local/report.ts';
import { ensureSecrets } from './local/secrets.ts';
import { seedChannels } from './local/seed.ts';
import {
  migrateDatabase,
  startIdentityProvider,
  startTranscoder,
  startWorker,
  workerAnswers,
} from './local/services.ts';
import { readSettings, type Settings } from './local/settings.ts';
import { picturesArrive } from './local/wait.ts';

const READY_LIMIT_MS = 45_000;
const isDemo = process.argv.includes('--demo');
const running: { stop(): Promise<void> }[] = [];
let stopping: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
stopWithParent();
// A terminal that was closed takes no more words; that must not keep us from stopping what runs.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await start();
} catch (error) {
  if (!stopping) {
    failure(error instanceof Error ? error.message : String(error));
    await stop(1);
  }
}

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  heading(isDemo ? 'Footlight, with a test broadcast' : 'Footlight');
  checkNode(process.versions.node);
  await checkPorts(settings);
  const ffmpeg = await requireFfmpeg(process.env);
  // The logs of the last start; whoever wants them has looked by now.
  rmSync(settings.logDir, { recursive: true, force: true });
  mkdirSync(settings.logDir, { recursive: true, mode: 0o700 });
  rmSync(settings.localFile, { force: true });
  const { nodeSecret, identityClient } = await ensureSecrets(settings);

  await step('Database', () => migrateDatabase(settings));
  if (!isClientFresh(settings.root)) {
    await step('Client', () => buildClient(settings.root, join(settings.logDir, 'client.log')));
  }
  await step('Identity provider', async () => {
    const provider = keep(startIdentityProvider(settings, identityClient));
    await within(READY_LIMIT_MS, 'The identity provider', provider.line(/^identity provider ready/));
  });
  await step('Worker', async () => {
    const worker = keep(startWorker(settings));
    await Promise.race([workerAnswers(settings.base, READY_LIMIT_MS), diedTooSoon(worker)]);
  });
  await step('Transcoder', async () => {
    const transcoder = keep(startTranscoder(settings, { nodeSecret, ffmpeg }));
    await within(READY_LIMIT_MS, 'The transcoder', transcoder.line(/^transcoder ready/));
  });
  const seeded = await step('Channels', () => seedChannels(settings));
  const details = localDetails(settings, seeded, isDemo);
  if (isDemo) {
    await step('Test broadcast', async () => {
      const broadcast: Broadcast = startBroadcast(settings, ffmpeg, seeded.demo.streamKey);
      running.unshift(broadcast);
      await picturesArrive(details.demo?.playbackUrl ?? '', READY_LIMIT_MS);
    });
  }
  if (stopping) return;
  writeFileSync(settings.localFile, `${JSON.stringify(details, null, 2)}\n`, { mode: 0o600 });
  tell(details, settings);
}

/** From here on the death of this child ends everything; what was started last is stopped first. */
function keep(child: Child): Child {
  running.unshift(child);
  child.exited.then((reason) => {
    if (stopping) return;
    failure(`The ${child.name} ${reason}. Its last words (all of them: ${child.logFile}):\n\n${tailOf(child.logFile)}`);
    void stop(1);
  });
  return child;
}

function diedTooSoon(child: Child): Promise<never> {
  return child.exited.then((reason) => Promise.reject(new Error(`The ${child.name} ${reason} before it was ready.`)));
}

async function within<T>(limitMs: number, who: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new CannotStart(`${who} was not ready within ${limitMs / 1000} s: the machine may be overloaded.`);
    timer = setTimeout(() => reject(error), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    if (code === 0) note('Stopping.');
    for (const child of running) await child.stop();
    process.exit(code);
  })();
  return stopping;
}

/** npm does not pass every signal on: when the shell that npm ran us in is gone, so are we. */
function stopWithParent(): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 300).unref();
}

function tell({ base, demo, channel }: LocalDetails, { logDir }: Settings): void {
  heading('Ready');
  detail('Home', base);
  detail('Sign in', `as ${LOCAL_CAST.map(({ name }) => name).join(', ')}; nobody has a password`);
  if (demo) detail('Watch', `${demo.watchUrl}  (the test broadcast)`);
  heading("Go live on Ada's other channel");
  detail('Studio', channel.studioUrl);
  detail('Watch', channel.watchUrl);
  detail('RTMP server', channel.rtmpUrl);
  detail('RTMP key', channel.streamKey);
  detail('WHIP server', channel.whipUrl);
  detail('WHIP token', channel.whipToken);
  blank();
  note(`Logs are in ${logDir}. Ctrl-C stops everything.`);
}
