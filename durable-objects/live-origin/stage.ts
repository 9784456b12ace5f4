// What a stream has once it is configured: its timeline, its bytes, its intake and its readers, wired together.
import { Timeline } from '../../src/domain/hls/timeline.ts';
import { LATENCY_SHAPES } from '../../src/protocol/latency.ts';
import type { OriginConfig, Refusal } from '../../src/protocol/origin.ts';
import { Intake } from './intake.ts';
import type { PublisherSocket } from './publisher.ts';
import { Readers } from './readers.ts';
import { Recorder } from './recorder.ts';
import type { Shelf } from './shelf.ts';

const DEFAULT_WINDOW_SECONDS = 60;

/** The answer of an origin without a stage. */
export const NOT_CONFIGURED: Refusal = { ok: false, code: 'not_found', detail: 'There is no such stream.' };

export interface Stage {
  config: OriginConfig;
  timeline: Timeline;
  recorder: Recorder;
  intake: Intake;
  readers: Readers;
}

interface Surroundings {
  ctx: DurableObjectState;
  bucket: R2Bucket;
  shelf: Shelf;
  publisher(): PublisherSocket | null;
  /** Media that readers have seen is awaited again. */
  isRecovering(timeline: Timeline): boolean;
  ended(): boolean;
  /** Something can be acknowledged that could not before. */
  onSettled(): void;
}

/** Continues where the shelf left off. */
export function setStage(
  config: OriginConfig,
  { ctx, bucket, shelf, publisher, isRecovering, ended, onSettled }: Surroundings,
): Stage {
  const { latency, windowSeconds = DEFAULT_WINDOW_SECONDS } = config;
  // No segment is much shorter than a second, so this many hold the window.
  const timeline = new Timeline(LATENCY_SHAPES[latency], windowSeconds, shelf.timeline(Math.ceil(windowSeconds)));
  const recorder = new Recorder(config.streamId, {
    ctx,
    bucket,
    shelf,
    onSettled: (segment, isStored) => {
      intake.settled(publisher(), segment, isStored);
      onSettled();
    },
  });
  const intake = new Intake(timeline, recorder);
  const readers = new Readers({ timeline, recorder, shelf, ended, isRecovering: () => isRecovering(timeline) });
  return { config, timeline, recorder, intake, readers };
}
