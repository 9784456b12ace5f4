// `npm run bench:origin`: how many players the Worker and one origin carry on this machine, and how fast a part reaches them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { PublishGrant } from '../../src/protocol/ingest.ts';
import { encodeFrame } from '../../src/protocol/wire.ts';
import { Broadcast, bytesOf, type SentFrame, videoInfo } from '../../test/support/broadcast.ts';
import { readJson, signIn } from '../local/api.ts';
import { freePort } from '../local/free-port.ts';
import { ensureSecrets } from '../local/secrets.ts';
import { migrateDatabase, startWorker, workerAnswers } from '../local/services.ts';
import { readSettings } from '../local/settings.ts';
import { startBundle } from './bundle.ts';
import { percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    readers: { type: 'string', default: '1,100,300' },
    seconds: { type: 'string', default: '15' },
    /** `dev`: wrangler dev, as npm start runs it. `bundle`: the deployed bundle in one workerd. */
    servers: { type: 'string', default: 'dev,bundle' },
  },
});
const SECONDS = Number(options.seconds);
const PART_BYTES = 60_000;
const RENDITION = '480p';
/** Joining, filling caches: not measured. */
const WARM_UP_MS = 4000;

interface Tally {
  /** From the push of a part to the end of the playlist that names it, and of the part itself; ms. */
  playlistMs: number[];
  partMs: number[];
  failures: Map<string, number>;
}

const rows: (string | number)[][] = [];
for (const server of options.servers.split(',')) {
  for (const readers of options.readers.split(',').map(Number))
    rows.push([server, ...(await measure(server, readers))]);
}
console.info(
  `\n${table(['server', 'players', 'parts/s delivered (of)', 'playlist p50 / p95 / p99 ms', 'part p50 / p95 / p99 ms', 'failed', 'load before'], rows)}`,
);
console.info(
  `\nParts of ${PART_BYTES / 1000} kB every 1/3 s; each player holds a blocking reload, then fetches the part. ${SECONDS} s each, ${cpus().length} cores shared with the players themselves.`,
);

async function measure(server: string, readers: number): Promise<(string | number)[]> {
  const load = loadavg()[0]?.toFixed(1) ?? '';
  const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
  const settings = readSettings({ FOOTLIGHT_STATE_DIR: stateDir, FOOTLIGHT_PORT: String(await freePort()) });
  mkdirSync(settings.logDir, { recursive: true });
  const { nodeSecret } = await ensureSecrets(settings);
  await migrateDatabase(settings);
  const worker = server === 'bundle' ? await startBundle(settings) : startWorker(settings);
  try {
    await workerAnswers(settings.base, 45_000);
    const tally = await play(settings.base, nodeSecret, readers);
    const perSecond = (tally.partMs.length / SECONDS).toFixed(0);
    const failed = [...tally.failures].map(([what, count]) => `${count} x ${what}`).join(', ') || '0';
    return [readers, `${perSecond} (${readers * 3})`, spread(tally.playlistMs), spread(tally.partMs), failed, load];
  } finally {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function spread(values: number[]): string {
  return [0.5, 0.95, 0.99].map((share) => percentile(values, share).toFixed(0)).join(' / ');
}

async function play(base: string, nodeSecret: string, readers: number): Promise<Tally> {
  const publisher = await publish(base, nodeSecret);
  const tally: Tally = { playlistMs: [], partMs: [], failures: new Map() };
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const fromMs = Date.now() + WARM_UP_MS;
  const untilMs = fromMs + SECONDS * 1000;
  try {
    await Promise.all(Array.from({ length: readers }, () => watch({ agent, publisher, tally, fromMs, untilMs })));
  } finally {
    publisher.stop();
    agent.destroy();
  }
  return tally;
}

interface RunningPublisher {
  url: string;
  /** When each part was handed to the socket, by `msn.part`. */
  pushedMs: Map<string, number>;
  partsPerSegment: number;
  /** The part that comes next. */
  next(): { msn: number; part: number };
  stop(): void;
}

/** Through the doors that a node uses: leave to publish, then the publish socket. */
async function publish(base: string, nodeSecret: string): Promise<RunningPublisher> {
  const ask = await signIn(base, 'ada');
  const stream = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title: 'Load', latency: 'low' }));
  const headers = { authorization: `Bearer ${nodeSecret}`, 'content-type': 'application/json' };
  const body = JSON.stringify({
    nodeId: 'nd_bench',
    streamKey: stream.streamKey,
    protocol: 'rtmp',
    remoteAddress: '127.0.0.1',
  });
  const granted = await fetch(`${base}/api/v1/ingest/authorize`, { method: 'POST', headers, body });
  const { sessionId, streamId } = await readJson<PublishGrant>(granted);
  const address = `${base.replace('http', 'ws')}/api/v1/ingest/publish?stream=${streamId}&session=${sessionId}&v=1`;
  const socket = new WebSocket(address, {
    headers: { authorization: headers.authorization },
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
  const broadcast = new Broadcast({ infos: [videoInfo(RENDITION, 480)], startMs: Date.now() });
  const send = (frames: SentFrame[]) => {
    for (const { frame, payload } of frames) socket.send(encodeFrame(frame, payload));
  };
  const pushedMs = new Map<string, number>();
  const { partsPerSegment } = broadcast;
  let count = 0;
  const place = () => ({ msn: Math.floor(count / partsPerSegment), part: count % partsPerSegment });
  const push = () => {
    const { msn, part } = place();
    pushedMs.set(`${msn}.${part}`, performance.now());
    send([broadcast.part(RENDITION, msn, part, bytesOf(`${msn}.${part}`, PART_BYTES))]);
    if (part === partsPerSegment - 1) send([broadcast.segmentEnd(RENDITION, msn)]);
    count += 1;
  };
  send(broadcast.opening());
  for (let part = 0; part < partsPerSegment; part += 1) push();
  const timer = setInterval(push, broadcast.partSeconds * 1000);
  return {
    url: `${base}/live/${streamId}/${RENDITION}`,
    pushedMs,
    partsPerSegment,
    next: place,
    stop() {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** One player: a blocking reload for the next part, then the part. */
async function watch(options: {
  agent: Agent;
  publisher: RunningPublisher;
  tally: Tally;
  fromMs: number;
  untilMs: number;
}) {
  const { agent, publisher, tally, fromMs, untilMs } = options;
  await sleep(Math.random() * 1000);
  let { msn, part } = publisher.next();
  while (Date.now() < untilMs) {
    const isMeasured = Date.now() >= fromMs;
    const playlist = await fetchAll(`${publisher.url}/index.m3u8?_HLS_msn=${msn}&_HLS_part=${part}`, agent);
    const playlistAtMs = performance.now();
    const body = playlist === 'ok' ? await fetchAll(`${publisher.url}/g1/${msn}.${part}.m4s`, agent) : playlist;
    const pushed = publisher.pushedMs.get(`${msn}.${part}`);
    if (isMeasured && body !== 'ok') tally.failures.set(body, (tally.failures.get(body) ?? 0) + 1);
    if (body !== 'ok' || pushed === undefined) {
      await sleep(300);
      ({ msn, part } = publisher.next());
      continue;
    }
    if (isMeasured) {
      tally.playlistMs.push(playlistAtMs - pushed);
      tally.partMs.push(performance.now() - pushed);
    }
    part += 1;
    if (part === publisher.partsPerSegment) [msn, part] = [msn + 1, 0];
  }
}

/** Reads an answer to its end: 'ok', or what was wrong with it. */
function fetchAll(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: 10_000 }, (response) => {
      response.on('end', () => resolve(response.statusCode === 200 ? 'ok' : `status ${response.statusCode}`));
      response.on('error', (error) => resolve(error.message));
      response.resume();
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 10 s')));
    request.on('error', (error) => resolve(error.message));
  });
}
