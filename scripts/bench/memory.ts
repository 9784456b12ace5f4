// `npm run bench:memory`: does the memory of the transcoder and of workerd stay flat while a stream is live?
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProduct } from '../local/product.ts';
import { INSPECTABLE, openLiveHeap } from './live-heap.ts';
import { slope, table } from './statistics.ts';

const { values: options } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const MINUTES = Number(options.minutes);
const EVERY_MS = 5000;
const PAGE_BYTES = 4096;
/** The first minute fills caches and the hot window; it is no leak. */
const WARM_UP_MINUTES = 1;

interface Sample {
  minute: number;
  megabytes: Map<string, number>;
}
/** What is still reachable after a collection; a collection a minute does not keep a leak small. */
const LIVE_EVERY_MINUTES = 1;

process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, INSPECTABLE].filter(Boolean).join(' ');
const product = await startProduct({ demo: true });
const samples: Sample[] = [];
const live: { minute: number; megabytes: number }[] = [];
try {
  const started = Date.now();
  const heap = await openLiveHeap(pidOf('transcoder', product.pid), () => product.log('transcoder'));
  while (Date.now() - started < MINUTES * 60_000) {
    await watchAWhile(product.details.demo?.playbackUrl ?? '');
    const minute = (Date.now() - started) / 60_000;
    samples.push({ minute, megabytes: memoryBelow(product.pid) });
    if (minute >= (live.at(-1)?.minute ?? 0) + LIVE_EVERY_MINUTES) {
      live.push({ minute, megabytes: await heap.measure() });
    }
    await sleep(EVERY_MS);
  }
  heap.close();
} finally {
  await product.stop();
}
report();

/** A reader, so that playlists are rendered and parts are served meanwhile. */
async function watchAWhile(playbackUrl: string): Promise<void> {
  const answer = await fetch(playbackUrl, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  const text = (await answer?.text()) ?? '';
  const rendition = text.split('\n').find((line) => line !== '' && !line.startsWith('#'));
  if (!rendition) return;
  const list = await fetch(new URL(rendition, playbackUrl), { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  await list?.arrayBuffer();
}

function pidOf(part: string, rootPid: number): number {
  const found = processesBelow(rootPid).find((pid) => partOf(pid) === part);
  if (found === undefined) throw new Error(`The ${part} is not among the processes of the product.`);
  return found;
}

/** Resident megabytes of the processes that the product consists of, by their part in it. */
function memoryBelow(rootPid: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const pid of processesBelow(rootPid)) {
    const part = partOf(pid);
    if (part) sums.set(part, (sums.get(part) ?? 0) + residentOf(pid));
  }
  return sums;
}

function processesBelow(rootPid: number): number[] {
  const parents = new Map(readdirSync('/proc').flatMap((name) => parentOf(name)));
  const isBelow = (pid: number): boolean => pid === rootPid || (parents.has(pid) && isBelow(parents.get(pid)!));
  return [...parents.keys()].filter(isBelow);
}

function parentOf(name: string): [number, number][] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    return [];
  }
}

function partOf(pid: number): string | null {
  const command = tryRead(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  if (command.includes('transcoder/main.ts')) return 'transcoder';
  if (/workerd( |$)|\/workerd /.test(command)) return 'workerd';
  if (/ffmpeg.*pipe:0/.test(command)) return 'ffmpeg (ladder)';
  return null;
}

function residentOf(pid: number): number {
  return (Number(tryRead(`/proc/${pid}/statm`).split(' ')[1]) * PAGE_BYTES) / 1e6 || 0;
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function report(): void {
  const warm = samples.filter(({ minute }) => minute >= Math.min(WARM_UP_MINUTES, MINUTES / 2));
  const rows = [...(warm[0]?.megabytes.keys() ?? [])].map((part) => {
    const points = warm.map(({ minute, megabytes }) => ({ x: minute, y: megabytes.get(part) ?? 0 }));
    const values = points.map(({ y }) => y);
    return [
      part,
      ...[values[0], values.at(-1), Math.max(...values)].map((value) => Math.round(value ?? 0)),
      slope(points).toFixed(2),
    ];
  });
  const heads = ['process', 'MB at the start', 'MB at the end', 'MB at most', 'MB per minute'];
  process.stdout.write(`\nMemory over ${MINUTES} minutes of live, after the first minute\n\n${table(heads, rows)}\n`);
  const points = live.map(({ minute, megabytes }) => ({ x: minute, y: megabytes }));
  const perMinute = points.length > 1 ? slope(points).toFixed(2) : 'unknown';
  process.stdout.write(
    `\nHeld by the transcoder after a collection, MB each minute: ${points.map(({ y }) => y.toFixed(1)).join(' ')} (${perMinute} per minute)\n`,
  );
}
