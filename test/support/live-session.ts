// A session with the real encoder, a source that a test plays, and an origin that records what a player would see.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LadderSettings } from '../../src/domain/hls/ladder.ts';
import { type IngestProtocol, PublishGrant } from '../../src/protocol/ingest.ts';
import { encoderWith } from '../../transcoder/encoder/process.ts';
import { createLog } from '../../transcoder/log.ts';
import type { Frame } from '../../transcoder/media.ts';
import { connectPublish, publishUrl } from '../../transcoder/publisher/socket.ts';
import { Publisher } from '../../transcoder/publisher.ts';
import { createPlanner } from '../../transcoder/session/plan.ts';
import { Session } from '../../transcoder/session/session.ts';
import { FakeOrigin, type SeenChunk } from './fake-origin.ts';
import { FakeSource } from './fake-source.ts';
import { FFMPEG } from './ffmpeg.ts';
import { type Clip, playFrames } from './media-source.ts';
import { sleep } from './sleep.ts';

export interface LiveOptions {
  clip: Clip;
  protocol?: IngestProtocol;
  allowsCopy?: boolean;
  settings?: Partial<LadderSettings>;
  latency?: 'ultra-low' | 'low';
}

export interface Live {
  origin: FakeOrigin;
  source: FakeSource;
  session: Session;
  ended: string[];
  log: string[];
  /** Plays frames in real pace; their times are shifted by `offsetMs`. */
  play(frames: Frame[], offsetMs?: number): Promise<void>;
  /** The ffmpeg processes of this session's encoders that run now. */
  encoders(): number[];
  /** The encoder says goodbye; resolves when everything is flushed. */
  finish(): Promise<void>;
}

export async function goLive({
  clip,
  protocol = 'rtmp',
  allowsCopy = false,
  settings = {},
  latency = 'low',
}: LiveOptions): Promise<Live> {
  const origin = new FakeOrigin();
  const ended: string[] = [];
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), Date.now);
  const source = new FakeSource(protocol);
  const grant = PublishGrant.parse({ sessionId: 'se_aaaa', streamId: 'st_aaaa', channelId: 'ch_aaaa', latency });
  const url = publishUrl(await origin.listen(), { stream: grant.streamId, session: grant.sessionId, version: 1 });
  const publisher: Publisher = new Publisher({
    connect: connectPublish({ url, secret: 'node-secret' }),
    ...{ clock: Date.now, random: Math.random, log },
    onOver: (reason) => session.stop(reason),
  });
  const before = new Set(ffmpegChildren());
  const session: Session = new Session({
    ...{ grant, source, publisher, startEncoder: encoderWith(FFMPEG), allowsCopy, clock: Date.now, log },
    plan: createPlanner({
      settings: { preset: 'ultrafast', passthrough: allowsCopy, ...settings },
      availableUnits: () => 8,
    }),
    onPlan: () => {},
    onEnded: (reason) => ended.push(reason),
  });
  publisher.start();
  session.start();
  if (clip.video) source.emit({ type: 'track', track: clip.video });
  if (clip.audio) source.emit({ type: 'track', track: clip.audio });
  return {
    ...{ origin, source, session, ended, log: lines },
    play: (frames, offsetMs = 0) => playFrames(frames, (frame) => source.emit({ type: 'frame', frame }), { offsetMs }),
    encoders: () => ffmpegChildren().filter((pid) => !before.has(pid)),
    finish: async () => {
      source.emit({ type: 'ended', clean: true, reason: 'the test is over' });
      for (const deadline = Date.now() + 8000; ended.length === 0 && Date.now() < deadline; ) await sleep(10);
      await origin.close();
    },
  };
}

/** ffmpeg processes that this very process started. */
function ffmpegChildren(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, comm, state, parent] =
          /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return comm?.startsWith('ffmpeg') && state !== 'Z' && Number(parent) === process.pid;
      } catch {
        return false;
      }
    });
}

/** Decodes one generation of a rendition as a player would: its size, its seconds, and every complaint. */
export function decode(origin: FakeOrigin, generation: number, rendition: string) {
  const init = origin.inits.get(`${generation}/${rendition}`) ?? new Uint8Array();
  const parts = origin.partsOf(rendition).filter((part) => part.generation === generation);
  const folder = mkdtempSync(join(tmpdir(), 'seen-'));
  try {
    const file = join(folder, 'seen.mp4');
    writeFileSync(file, Buffer.concat([init, ...parts.map(({ payload }) => payload)]));
    const run = (args: string[]): string => spawnSync(FFMPEG, args, { encoding: 'utf8', timeout: 20_000 }).stderr;
    const about = run(['-hide_banner', '-i', file]);
    const size = /Video:.* (\d+)x(\d+)/.exec(about);
    return {
      complaints: run(['-v', 'warning', '-i', file, ...TRUE_TIMES, '-f', 'null', '-']),
      width: size ? Number(size[1]) : null,
      height: size ? Number(size[2]) : null,
      hasAudio: /Audio: aac/.test(about),
      seconds: parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The null muxer would round times to whole frames, and complain of what it did itself. */
const TRUE_TIMES = ['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'];

/** What must hold for every broadcast: numbers without holes, parts that fit, a capture clock that runs with the media. */
export function flawsOf(origin: FakeOrigin, partTargetSeconds = 0.334): string[] {
  const flaws: string[] = [];
  const names = [...new Set(origin.chunks.map(({ rendition }) => rendition))];
  for (const name of names) {
    let before: SeenChunk | null = null;
    let segmentStartMs = 0;
    let segmentSeconds = 0;
    for (const part of origin.partsOf(name)) {
      const where = `${name} ${part.generation}/${part.msn}/${part.part}`;
      if (part.durationSeconds > partTargetSeconds + 0.0005) flaws.push(`${where} lasts ${part.durationSeconds}`);
      if (part.part === 0 && !part.independent) flaws.push(`${where} begins a segment without a key frame`);
      if (part.part === 0 && part.programDateTimeMs === null) flaws.push(`${where} has no capture time`);
      const follows = before && part.msn === before.msn ? part.part === before.part + 1 : part.part === 0;
      if (!follows) flaws.push(`${where} follows ${before?.msn}/${before?.part}`);
      if (before && part.msn !== before.msn && part.msn !== before.msn + 1)
        if (!hasGaps(origin, name, before.msn + 1, part.msn)) flaws.push(`${where} follows segment ${before.msn}`);
      if (part.programDateTimeMs !== null) {
        const drift = part.programDateTimeMs - (segmentStartMs + segmentSeconds * 1000);
        const isNew = before === null || before.generation !== part.generation;
        if (isNew ? before && drift < -AUDIO_FRAME_MS : Math.abs(drift) > 2)
          flaws.push(`${where} has its capture time ${drift} ms off`);
        segmentStartMs = part.programDateTimeMs;
        segmentSeconds = 0;
      }
      segmentSeconds += part.durationSeconds;
      before = part;
    }
  }
  return flaws;
}

const AUDIO_FRAME_MS = 22;

/** Segments that this rendition did not get, and says so. */
function hasGaps(origin: FakeOrigin, rendition: string, from: number, to: number): boolean {
  const gaps = origin.frames.flatMap((frame) =>
    frame.type === 'gap' && frame.rendition === rendition ? frame.msn : [],
  );
  for (let msn = from; msn < to; msn += 1) if (!gaps.includes(msn)) return false;
  return true;
}
