// The encoder runs of one broadcast, one after the other: starts them, feeds them, and decides what follows when one ends.
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { EncoderEvent, EncoderPlan, StartEncoder } from '../encoder/events.ts';
import type { Log } from '../log.ts';
import type { Frame } from '../media.ts';
import { type CopyGrant, copyGrant } from './copy-grant.ts';
import type { Publication } from './generation.ts';
import { GopBuffer } from './gop-buffer.ts';
import type { Start, Tracks } from './opening.ts';
import { type Measured, measure, type PlanEncoder } from './plan.ts';
import { Restarts } from './restarts.ts';
import { isCopied, Run, type RunTrouble } from './run.ts';

export interface EncodingOptions {
  shape: LatencyShape;
  startEncoder: StartEncoder;
  plan: PlanEncoder;
  clock: () => number;
  log: Log;
  /** What the next run encodes. */
  tracks: () => Tracks;
  wallTimeMs: (mediaMs: number) => number;
  requestKeyFrame: () => void;
  publish: (publication: Publication) => void;
  onPoster: (poster: Extract<EncoderEvent, { type: 'poster' }>) => void;
  onPlan: (plan: EncoderPlan) => void;
  /** The announced sound is what the encoder waits for in vain. */
  onAudioFault: () => void;
  /** It cannot go on; `finish` has to follow. */
  onGiveUp: (reason: string) => void;
  /** After `finish`: everything is out. */
  onDone: () => void;
  /** Runs what comes from an encoder; an error in it is the broadcast's. */
  guard: (act: () => void) => void;
}

type State =
  /** The next key frame starts a run. */
  | { name: 'ready' }
  | { name: 'running'; run: Run }
  /** The old run goes; a new one follows after `restMs`. */
  | { name: 'stopping'; run: Run; killAtMs: number; restMs: number }
  | { name: 'resting'; untilMs: number }
  | { name: 'finishing'; run: Run; killAtMs: number }
  | { name: 'done' };

type ExitEvent = Extract<EncoderEvent, { type: 'exited' }>;

/** How long an encoder may take to hand over its last part. */
const EXIT_MS = 1500;
/** The usual GOP of an encoder that was not told otherwise is 250 pictures: 10 s at 25 a second. Without it viewers would wait for the next. */
const GOP_LIMITS = { maxMs: 10_500, maxBytes: 8 * 1024 * 1024 };

export class Encoding {
  readonly #options: EncodingOptions;
  readonly #restarts = new Restarts();
  #state: State = { name: 'ready' };
  #gop = new GopBuffer({ ...GOP_LIMITS, hasVideo: true });
  #copy: CopyGrant = copyGrant(false);
  #measured: Measured = { frameRate: null, bitrateKbps: null };
  #shed = 0;
  #generation = 0;
  #nextMsn = 0;
  /** End of everything published, on the media timeline. */
  #endMs: number | null = null;
  #lastDropMs: number | null = null;
  #droppedFrames = 0;

  constructor(options: EncodingOptions) {
    this.#options = options;
  }

  get run(): Run | null {
    return this.#state.name === 'running' ? this.#state.run : null;
  }

  get isWaitingForKey(): boolean {
    return this.#state.name === 'ready';
  }

  /** Rungs given up under overload. */
  get shed(): number {
    return this.#shed;
  }

  get droppedFrames(): number {
    return this.#droppedFrames + (this.run?.droppedFrames ?? 0);
  }

  begin({ tracks, frames, canCopy }: Start): void {
    this.#copy = copyGrant(canCopy);
    this.#measured = measure(frames);
    this.restartGop(tracks.video !== null);
    // The whole start is fed, the observed GOP and the key frame after it; the buffer keeps only the newest.
    this.#startRun(frames);
    for (const frame of frames) this.#gop.push(frame);
  }

  /** Frames of the tracks that are encoded, in order. */
  write(frame: Frame): void {
    this.#gop.push(frame);
    if (this.#state.name === 'running') this.#heed(this.#state.run.write(frame));
    else if (this.#state.name === 'ready') this.#startRun(this.#gop.frames);
  }

  /** What is kept for the next run begins anew. */
  restartGop(hasVideo: boolean): void {
    this.#gop = new GopBuffer({ ...GOP_LIMITS, hasVideo });
  }

  /** Ends the run for a new one. `flush`: its last frames come out, and none is fed again. */
  replace(why: string, { flush }: { flush: boolean }): void {
    if (flush) this.#gop.clear();
    if (this.#state.name !== 'running') return;
    const { run } = this.#state;
    this.#options.log.info('starting a new encoder', { why });
    this.#state = { name: 'stopping', run, killAtMs: this.#options.clock() + EXIT_MS, restMs: 0 };
    if (flush) run.end();
    else run.kill();
  }

  /** Flushes; `onDone` follows. */
  finish(): void {
    const state = this.#state;
    if (state.name === 'finishing' || state.name === 'done') return;
    if (state.name !== 'running' && state.name !== 'stopping') {
      this.#done();
      return;
    }
    this.#state = { name: 'finishing', run: state.run, killAtMs: this.#options.clock() + EXIT_MS };
    if (state.name === 'running') state.run.end();
  }

  /** Call a few times a second. */
  tick(nowMs: number): void {
    const state = this.#state;
    if (state.name === 'running') this.#heed(state.run.tick(nowMs));
    else if (state.name === 'resting' && nowMs >= state.untilMs) this.#startAfter(0);
    else if ((state.name === 'stopping' || state.name === 'finishing') && nowMs >= state.killAtMs) state.run.kill();
    if (state.name === 'finishing' && nowMs >= state.killAtMs + EXIT_MS) this.#done();
  }

  /** Starts an encoder with these frames; without any, waits for a key frame. */
  #startRun(frames: readonly Frame[]): void {
    const { startEncoder, clock, wallTimeMs, publish, onPoster, log, requestKeyFrame } = this.#options;
    this.#state = { name: 'ready' };
    requestKeyFrame();
    if (frames.length === 0) return;
    const answer = this.#options.plan({
      ...this.#options.tracks(),
      ...{ shape: this.#options.shape, canCopy: this.#copy.isGranted, measured: this.#measured, shed: this.#shed },
    });
    if (!answer.ok) {
      this.#options.onGiveUp(answer.detail);
      return;
    }
    const { plan } = answer;
    this.#options.onPlan(plan);
    const run: Run = new Run({
      ...{ plan, startEncoder, clock, wallTimeMs, publish, onPoster },
      ...{ generation: this.#generation, firstMsn: this.#nextMsn },
      ...{ rejoinAtMs: this.#endMs, lastDropMs: this.#lastDropMs },
      onExit: (exit) => this.#options.guard(() => this.#onExit(run, exit)),
    });
    this.#state = { name: 'running', run };
    log.info('encoding', { renditions: plan.renditions.map(({ name }) => name), copied: isCopied(plan) });
    for (const frame of frames) if (this.run === run) this.#heed(run.write(frame));
  }

  #heed(trouble: RunTrouble | null): void {
    if (!trouble || this.#state.name !== 'running') return;
    switch (trouble.type) {
      case 'overloaded':
        this.#shed += 1;
        this.replace('the encoder cannot keep up: one rendition less', { flush: false });
        return;
      case 'cannot-copy':
        this.#copy = this.#copy.after(trouble.trouble);
        this.replace(`${trouble.trouble.reason} in a copied source`, { flush: this.#copy.isGranted });
        return;
      case 'stuck': {
        const { run } = this.#state;
        const delayMs = this.#strike('it stood still');
        if (delayMs === null) return;
        this.#state = { name: 'stopping', run, killAtMs: this.#options.clock(), restMs: delayMs };
        run.kill();
      }
    }
  }

  #onExit(run: Run, { expected, detail, fault }: ExitEvent): void {
    this.#settle(run);
    const state = this.#state;
    if (state.name === 'finishing') this.#done();
    if (state.name !== 'running' && state.name !== 'stopping') return;
    this.#state = { name: 'ready' };
    // The plan was wrong for this source, the encoder is not: the next one is planned otherwise.
    if (fault === 'audio_missing') this.#options.onAudioFault();
    if (fault === 'copy_irregular') this.#copy = copyGrant(false);
    const restMs = state.name === 'stopping' ? state.restMs : expected || fault ? 0 : this.#strike(detail);
    if (restMs !== null) this.#startAfter(restMs);
  }

  /** An encoder has failed: how long to wait before the next, or null when this was the last. */
  #strike(detail: string): number | null {
    this.#options.log.warn('the encoder failed', { detail });
    const verdict = this.#restarts.failed(this.#options.clock());
    if (verdict.type === 'restart') return verdict.delayMs;
    this.#options.onGiveUp(
      `The encoder failed ${verdict.failures} times within a minute, the last time with: ${detail}`,
    );
    return null;
  }

  /** What the run leaves to the next one. */
  #settle(run: Run): void {
    this.#droppedFrames += run.droppedFrames;
    this.#lastDropMs = run.lastDropMs;
    if (!run.hasBegun) return;
    this.#generation += 1;
    this.#nextMsn = run.nextMsn;
    this.#endMs = Math.max(this.#endMs ?? 0, run.endMs ?? 0);
  }

  #startAfter(delayMs: number): void {
    if (delayMs > 0) this.#state = { name: 'resting', untilMs: this.#options.clock() + delayMs };
    else this.#startRun(this.#gop.frames);
  }

  #done(): void {
    if (this.#state.name === 'done') return;
    this.#state = { name: 'done' };
    this.#options.onDone();
  }
}
