// `npm run bench:memory`: does the memory of the transcoder and of workerd stay flat while a stream is live?
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBroadcast } from '../local/broadcast.ts';
import { requireFfmpeg } from '../local/checks.ts';
import { freePort } from '../local/free-port.ts';
import { ensureSecrets } from '../local/secrets.ts';
import { seedChannels } from '../local/seed.ts';
import { migrateDatabase, startTranscoder, workerAnswers } from '../local/services.ts';
import { readSettings } from '../local/settings.ts';
import { picturesArrive } from '../local/wait.ts';
import { ISOLATE, startBundle } from './bundle.ts';
import { INSPECTABLE, openIsolateHeap, openNodeHeap } from './live-heap.ts';
import { memoryByPart } from './processes.ts';
import { slope, table } from './statistics.ts';

const { values: options } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const MINUTES = Number(options.minutes);
const EVERY_MS = 5000;
const AIR_LIMIT_MS = 45_000;
/** The first minute fills caches and the hot window; it is no leak. */
const WARM_UP_MINUTES = 1;
/** What is still reachable after a collection; one a minute does not keep a leak small. */
const HELD_EVERY_MINUTES = 1;

interface Sample {
  minute: number;
  megabytes: Map<string, number>;
}

const running: { stop(): Promise<void> }[] = [];
const stateDir = mkdtempSync(join(tmpdir(), 'footlight-bench-'));
const resident: Sample[] = [];
const held: Sample[] = [];
try {
  await measure();
} finally {
  for (const part of running.reverse()) await part.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
report();

/** The bundle in one workerd, whose inspector answers; that of `wrangler dev` is held by wrangler itself. */
async function measure(): Promise<void> {
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, INSPECTABLE].filter(Boolean).join(' ');
  const settings = readSettings({
    FOOTLIGHT_STATE_DIR: stateDir,
    FOOTLIGHT_PORT: String(await freePort()),
    FOOTLIGHT_RTMP_PORT: String(await freePort()),
    FOOTLIGHT_CONTROL_PORT: String(await freePort()),
  });
  mkdirSync(settings.logDir, { recursive: true });
  const ffmpeg = await requireFfmpeg(process.env);
  const { nodeSecret } = await ensureSecrets(settings);
  await migrateDatabase(settings);
  const inspectorPort = await freePort();
  running.push(await startBundle(settings, { inspectorPort }));
  await workerAnswers(settings.base, AIR_LIMIT_MS);
  const transcoder = startTranscoder(settings, { nodeSecret, ffmpeg });
  running.push(transcoder);
  await transcoder.line(/^transcoder ready/);
  const { demo } = await seedChannels(settings);
  running.push(startBroadcast(settings, ffmpeg, demo.streamKey));
  const playbackUrl = `${settings.base}/live/${demo.id}/index.m3u8`;
  await picturesArrive(playbackUrl, AIR_LIMIT_MS);

  const heaps = {
    'the Worker and its objects': await openIsolateHeap(inspectorPort, ISOLATE),
    'the transcoder': await openNodeHeap(transcoder.pid, () => readFileSync(transcoder.logFile, 'utf8')),
  };
  const started = Date.now();
  while (Date.now() - started < MINUTES * 60_000) {
    await watchAWhile(playbackUrl);
    const minute = (Date.now() - started) / 60_000;
    resident.push({ minute, megabytes: memoryByPart() });
    if (minute >= (held.at(-1)?.minute ?? 0) + HELD_EVERY_MINUTES) {
      const megabytes = new Map<string, number>();
      for (const [name, heap] of Object.entries(heaps)) megabytes.set(name, await heap.measure());
      held.push({ minute, megabytes });
      process.stderr.write(`minute ${held.length} of ${MINUTES}\n`);
    }
    await sleep(EVERY_MS);
  }
  for (const heap of Object.values(heaps)) heap.close();
}

/** A reader, so that playlists are rendered and parts are served meanwhile. */
async function watchAWhile(playbackUrl: string): Promise<void> {
  const text = await read(playbackUrl);
  const rendition = firstUri(text);
  if (!rendition) return;
  const renditionUrl = new URL(rendition, playbackUrl);
  const parts = [...(await read(renditionUrl)).matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].slice(-3);
  for (const [, part] of parts) await read(new URL(part ?? '', renditionUrl));
}

function firstUri(playlist: string): string | undefined {
  return playlist.split('\n').find((line) => line !== '' && !line.startsWith('#'));
}

async function read(url: string | URL): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  return (await answer?.text().catch(() => '')) ?? '';
}

function report(): void {
  const rows = seriesOf(resident.filter(({ minute }) => minute >= Math.min(WARM_UP_MINUTES, MINUTES / 2))).map(
    ([part, points]) => {
      const values = points.map(({ y }) => y);
      const ends = [values[0], values.at(-1), Math.max(...values)].map((value) => Math.round(value ?? 0));
      return [part, ...ends, slope(points).toFixed(2)];
    },
  );
  const heads = ['process', 'MB at the start', 'MB at the end', 'MB at most', 'MB per minute'];
  process.stdout.write(
    `\nResident over ${MINUTES} minutes of live, after the first minute\n\n${table(heads, rows)}\n\n`,
  );
  for (const [name, points] of seriesOf(held)) {
    const perMinute = points.length > 1 ? slope(points).toFixed(2) : 'unknown';
    process.stdout.write(
      `Held by ${name} after a collection, MB each minute: ${points.map(({ y }) => y.toFixed(1)).join(' ')} (${perMinute} per minute)\n`,
    );
  }
}

/** Minute and megabytes of each name. */
function seriesOf(samples: Sample[]): [string, { x: number; y: number }[]][] {
  return [...(samples[0]?.megabytes.keys() ?? [])].map((name) => [
    name,
    samples.map(({ minute, megabytes }) => ({ x: minute, y: megabytes.get(name) ?? 0 })),
  ]);
}
