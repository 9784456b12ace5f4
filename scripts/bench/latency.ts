// `npm run bench:latency`: glass to glass through the product's own watch page, for both doors and two profiles.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { LatencyProfile } from '../../src/protocol/latency.ts';
import { type Ask, readJson, signIn } from '../local/api.ts';
import { requireFfmpeg } from '../local/checks.ts';
import { startChromium } from '../local/chromium.ts';
import { startProduct } from '../local/product.ts';
import { picturesArrive } from '../local/wait.ts';
import { startCodedPage } from './coded-page.ts';
import { startCodedSource } from './coded-source.ts';
import { type Reading, readingOf, readPictures } from './picture-reader.ts';
import { inSeconds, median, percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    /** Steady watching per case, seconds. */
    steady: { type: 'string', default: '60' },
    joins: { type: 'string', default: '8' },
    /** Only cases whose name contains this: "rtmp", "whip", "ultra-low", "rtmp low". */
    only: { type: 'string', default: '' },
  },
});
const STEADY_MS = Number(options.steady) * 1000;
const JOINS = Number(options.joins);
const JOIN_MS = 10_000;
/** What a viewer sees first is settled by then; steady numbers are taken after it. */
const SETTLE_MS = 10_000;
const WINDOW_REST_MS = 1_000;
const AIR_LIMIT_MS = 20_000;

interface Case {
  door: 'rtmp' | 'whip';
  latency: LatencyProfile;
}
interface Result extends Case {
  steady: Reading;
  joins: Reading[];
}

const CASES: Case[] = (['low', 'ultra-low'] as const).flatMap((latency) => [
  { door: 'rtmp', latency },
  { door: 'whip', latency },
]);

const ffmpeg = await requireFfmpeg(process.env);
const product = await startProduct();
const viewer = await startChromium();
const publisher = await startChromium();
try {
  const ask = await signIn(product.details.base, 'ada');
  const results: Result[] = [];
  for (const one of CASES.filter(({ door, latency }) => `${door} ${latency}`.includes(options.only))) {
    process.stderr.write(`${one.door} ${one.latency}: ${STEADY_MS / 1000} s steady, ${JOINS} joins\n`);
    results.push(await measure(one, ask));
  }
  report(results);
} finally {
  await Promise.all([viewer.close(), publisher.close()]);
  await product.stop();
}

async function measure({ door, latency }: Case, ask: Ask): Promise<Result> {
  const { base, channel } = product.details;
  const body = { title: `Latency ${door} ${latency}`, latency, visibility: 'unlisted' };
  const stream = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', body));
  const key = stream.streamKey ?? '';
  const source =
    door === 'rtmp'
      ? startCodedSource({ ffmpeg, url: `${channel.rtmpUrl}/${key}` })
      : await startCodedPage({ browser: publisher, base, whipUrl: channel.whipUrl, token: key });
  try {
    await picturesArrive(stream.playbackUrl, AIR_LIMIT_MS);
    // A stream of one segment is no fair start for anybody.
    await sleep(8000);
    const steady = await join(viewer, stream.watchUrl, SETTLE_MS + STEADY_MS);
    const joins: Reading[] = [];
    for (let count = 0; count < JOINS; count += 1) {
      // At a random phase of the segment.
      await sleep(Math.random() * 2000);
      joins.push(await join(viewer, stream.watchUrl, JOIN_MS));
    }
    return { door, latency, steady, joins };
  } finally {
    await source.stop();
    await ask('DELETE', `/api/v1/streams/${stream.id}`);
  }
}

/** One viewer with an empty cache, for a while. */
async function join(browser: Browser, watchUrl: string, forMs: number): Promise<Reading> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await readPictures(page);
  // A browser that is open already: making its new window is none of the page's time.
  await sleep(WINDOW_REST_MS);
  await page.goto(watchUrl, { waitUntil: 'commit' });
  await sleep(forMs);
  const reading = await readingOf(page);
  await context.close();
  return reading;
}

function within(reading: Reading, fromMs: number, toMs = Number.POSITIVE_INFINITY): number[] {
  return reading.samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ latencyMs }) => latencyMs);
}

function report(results: Result[]): void {
  const steady = results.map(({ door, latency, steady: reading }) => {
    const values = within(reading, SETTLE_MS);
    const stalls = reading.stalls.filter((atMs) => atMs >= SETTLE_MS).length;
    return [
      door,
      latency,
      values.length,
      ...[0.5, 0.95, 1].map((share) => inSeconds(percentile(values, share))),
      stalls,
    ];
  });
  const joins = results.map(({ door, latency, joins: readings }) => {
    const startups = readings.map(({ startupMs }) => startupMs ?? Number.POSITIVE_INFINITY);
    const settled = readings.map((reading) => median(within(reading, JOIN_MS - 1500)));
    const stalls = readings.reduce((sum, reading) => sum + reading.stalls.length, 0);
    return [
      door,
      latency,
      readings.length,
      ...[median(startups), Math.max(...startups)].map(inSeconds),
      ...[Math.min(...settled), median(settled), Math.max(...settled)].map(inSeconds),
      stalls,
    ];
  });
  const seconds = Array.from({ length: JOIN_MS / 1000 }, (_, index) => index);
  const curves = results.flatMap(({ door, latency, joins: readings }) =>
    readings.map((reading, index) => [
      `${door} ${latency} ${index + 1}`,
      ...seconds.map((second) => inSeconds(median(within(reading, second * 1000, (second + 1) * 1000)))),
    ]),
  );
  const tables = [
    `Steady, seconds from capture to screen (${STEADY_MS / 1000} s, after ${SETTLE_MS / 1000} s)`,
    table(['door', 'profile', 'samples', 'p50', 'p95', 'max', 'stalls'], steady),
    'Cold joins at a random phase; latency is that of the last 1.5 s of ten',
    table(['door', 'profile', 'joins', 'startup p50', 'startup max', 'latency min', 'p50', 'max', 'stalls'], joins),
    'Latency of each join, median per second after the click',
    table(['join', ...seconds.map((second) => `${second + 1} s`)], curves),
  ];
  process.stdout.write(`\n${tables.join('\n\n')}\n`);
}
