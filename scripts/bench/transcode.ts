// How long a part takes through the encoder, and what a ladder costs: `npm run bench:transcode [-- --seconds=20]`, a Markdown table.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type LadderSettings, planLadder } from '../../src/domain/hls/ladder.ts';
import { LATENCY_SHAPES, type LatencyProfile } from '../../src/protocol/latency.ts';
import { type Clip, loopFrames, makeClip, playFrames } from '../../test/support/media-source.ts';
import type { EncoderPlan } from '../../transcoder/encoder/events.ts';
import { encoderWith } from '../../transcoder/encoder/process.ts';
import { findFfmpeg } from '../../transcoder/ffmpeg-path.ts';
import { percentile, table } from './statistics.ts';

interface Setup {
  name: string;
  width: number;
  height: number;
  profile: LatencyProfile;
  copied?: boolean;
  settings?: Partial<LadderSettings>;
}

interface Result {
  setup: Setup;
  plan: EncoderPlan;
  ffmpegPercent: number;
  nodePercent: number;
  delaysMs: Map<string, number[]>;
}

const SETUPS: Setup[] = [
  { name: '360', width: 640, height: 360, profile: 'low' },
  { name: '360, parts of 0.2 s', width: 640, height: 360, profile: 'ultra-low' },
  { name: '720/480/360', width: 1280, height: 720, profile: 'low' },
  { name: '720/480/360, parts of 0.2 s', width: 1280, height: 720, profile: 'ultra-low' },
  { name: '720/480/360 superfast', width: 1280, height: 720, profile: 'low', settings: { preset: 'superfast' } },
  { name: '720 copied, 480/360', width: 1280, height: 720, profile: 'low', copied: true },
];
const BASE_MS = 10_000;
/** The start of a run is not what a viewer sees most of the time. */
const WARM_UP_SECONDS = 2;
/** The kernel counts CPU time in these. */
const CLOCK_TICK_MS = 10;
const TARGET_P50_MS = 60;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, only: { type: 'string' } } });
const ffmpeg = await findFfmpeg();
if (!ffmpeg.ok) {
  console.error(ffmpeg.detail);
  process.exit(1);
}
console.info(
  `ffmpeg ${ffmpeg.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${values.seconds} s each\n`,
);
const rows: (string | number)[][] = [];
let isSlow = false;
for (const setup of SETUPS.filter(({ name }) => !values.only || name.includes(values.only))) {
  const result = await measure(setup, ffmpeg.path, Number(values.seconds));
  const video = pooled(result, (name) => name !== 'audio');
  const audio = pooled(result, (name) => name === 'audio');
  const estimate = Math.round(result.plan.costUnits * 100);
  const delays = [percentile(video, 0.5), percentile(video, 0.95), percentile(audio, 0.5)].map(Math.round);
  rows.push([setup.name, result.ffmpegPercent, result.nodePercent, estimate, ...delays]);
  if (setup.name === '720/480/360') isSlow = percentile(video, 0.5) > TARGET_P50_MS;
}
const delayHeads = ['last frame in -> part out, p50 ms', 'p95 ms', 'audio p50 ms'];
console.info(table(['ladder', 'ffmpeg, % of a core', 'Node, %', 'estimated, %', ...delayHeads], rows));
if (isSlow) console.info(`\nOver the target: p50 of 720/480/360 should be at most ${TARGET_P50_MS} ms on 2 cores.`);
process.exitCode = isSlow ? 1 : 0;

async function measure(setup: Setup, ffmpegPath: string, seconds: number): Promise<Result> {
  const { width, height } = setup;
  const clip = makeClip({
    seconds: 4,
    width,
    height,
    picture: 'mandelbrot',
    videoKbps: height > 400 ? 2500 : 800,
    gopSeconds: 1,
  });
  const plan = planFor(clip, setup);
  const delaysMs = new Map<string, number[]>();
  /** When the frame with this time on the timeline went in. */
  const writtenAtMs: { kind: string; ms: number; atMs: number }[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const encoder = encoderWith(ffmpegPath)(plan, (event) => {
    if (event.type === 'exited') resolve();
    if (event.type !== 'chunk' || event.startSeconds < BASE_MS / 1000 + WARM_UP_SECONDS) return;
    const kind = event.rendition === 'audio' ? 'audio' : 'video';
    const endMs = (event.startSeconds + event.durationSeconds) * 1000;
    const last = writtenAtMs.findLast((frame) => frame.kind === kind && frame.ms < endMs - 1);
    const delays = delaysMs.get(event.rendition) ?? [];
    if (last) delays.push(performance.now() - last.atMs);
    delaysMs.set(event.rendition, delays);
  });
  const pid = newestFfmpeg();
  const frames = loopFrames(clip, seconds);
  const startedAtMs = performance.now();
  const nodeBefore = process.cpuUsage();
  let ffmpegMs = 0;
  await playFrames(
    frames,
    (frame) => {
      writtenAtMs.push({ kind: frame.kind, ms: frame.ptsMs, atMs: performance.now() });
      if (writtenAtMs.length > 1000) writtenAtMs.shift();
      encoder.write(frame);
      if (pid !== null && frame.isKey) ffmpegMs = cpuMs(pid) ?? ffmpegMs;
    },
    { offsetMs: BASE_MS },
  );
  const spanMs = performance.now() - startedAtMs;
  const node = process.cpuUsage(nodeBefore);
  encoder.end();
  await promise;
  const percent = (ms: number) => Math.round((100 * ms) / spanMs);
  return {
    setup,
    plan,
    ffmpegPercent: percent(ffmpegMs),
    nodePercent: percent((node.user + node.system) / 1000),
    delaysMs,
  };
}

function planFor({ video, audio }: Clip, { profile, copied = false, settings = {} }: Setup): EncoderPlan {
  const shape = LATENCY_SHAPES[profile];
  const source = video && { ...video, bitrateKbps: null, gopRegular: copied };
  const answer = planLadder({ video: source, hasAudio: audio !== null, shape, settings });
  if (!answer.ok) throw new Error(answer.detail);
  return { video, audio, shape, ...answer.ladder };
}

/** Our child that was started last; null where there is no /proc. */
function newestFfmpeg(): number | null {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
    return Number(children.at(-1)) || null;
  } catch {
    return null;
  }
}

/** User and system time of all its threads, from /proc: fields 14 and 15, counted after the name in brackets. */
function cpuMs(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  } catch {
    return null;
  }
}

function pooled({ delaysMs }: Result, wanted: (name: string) => boolean): number[] {
  return [...delaysMs].flatMap(([name, delays]) => (wanted(name) ? delays : []));
}
