// The transcoder node as a process: configuration, doors up, doors down in reverse. `--check` only looks whether it could run.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createSteadyClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { createEdge } from './edge.ts';
import { encoderWith } from './encoder/process.ts';
import { findFfmpeg } from './ffmpeg-path.ts';
import { createRtmpServer } from './ingest/rtmp/server.ts';
import { releaseWebRtc } from './ingest/whip/datachannel-transport.ts';
import { WhipReceiver } from './ingest/whip/receiver.ts';
import { createLog } from './log.ts';
import { CannotListen, TranscoderNode } from './node.ts';

/** Draining takes 5 s at most, the doors another second or two; a process that hangs beyond is ended. */
const STOP_LIMIT_MS = 9000;

const clock = createSteadyClock(Date.now, () => performance.now());
// Lines are compared with those of other programs, so they are stamped with the machine's own clock.
const log = createLog((line) => process.stderr.write(`${line}\n`), Date.now);

const config = configuration();
const ffmpegPath = await ffmpeg();
if (process.argv.includes('--check')) {
  process.stdout.write(`transcoder check ok ffmpeg=${ffmpegPath} node=${process.versions.node}\n`);
  releaseWebRtc();
  process.exit(0);
}

const node = new TranscoderNode({
  config,
  edge: createEdge({ edgeUrl: config.edgeUrl, secret: config.nodeSecret }),
  startEncoder: encoderWith(ffmpegPath),
  createRtmpServer,
  whip: new WhipReceiver({
    udpPorts: { begin: config.whip.portMin, end: config.whip.mux ? config.whip.portMin : config.whip.portMax },
    publicAddresses: config.whip.publicAddresses,
    now: clock.now,
  }),
  log,
  clock,
  random: Math.random,
  randomBytes,
  tls: certificates(config),
});

// A stray error belongs to one broadcast; to end all of them for it would be worse.
process.on('uncaughtException', (error) =>
  log.error('an error was not caught', { error: error.stack ?? error.message }),
);
process.on('unhandledRejection', (reason) => log.error('a promise was not caught', { error: String(reason) }));
// The terminal or the log that we wrote to may go before we do.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

try {
  const { rtmpPort, controlPort } = await node.start();
  process.stdout.write(`transcoder ready rtmp=${rtmpPort} control=${controlPort}\n`);
} catch (error) {
  if (!(error instanceof CannotListen)) throw error;
  refuse(error.message);
}

/** The second signal does not wait for the first. */
async function stop(signal: string): Promise<void> {
  if (isStopping) process.exit(1);
  isStopping = true;
  log.info('stopping', { signal });
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  await node.stop();
  releaseWebRtc();
  process.exit(0);
}

function configuration(): Config {
  const answer = readConfig(process.env, { cores: availableParallelism() });
  if (answer.ok) return answer.config;
  return refuse(answer.problems.join('\n'));
}

async function ffmpeg(): Promise<string> {
  const found = await findFfmpeg({ env: process.env });
  return found.ok ? found.path : refuse(found.detail);
}

function certificates({ rtmps }: Config): { key: string; cert: string } | null {
  if (!rtmps) return null;
  try {
    return { key: readFileSync(rtmps.keyFile, 'utf8'), cert: readFileSync(rtmps.certFile, 'utf8') };
  } catch (error) {
    return refuse(`TLS_KEY_FILE or TLS_CERT_FILE cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

/** One plain sentence, and out. */
function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
