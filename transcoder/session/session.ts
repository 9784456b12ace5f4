// One broadcast from hello to goodbye: source -> timeline -> encoder runs -> publisher.
import type { Health } from '../../src/protocol/health.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { PublishGrant } from '../../src/protocol/ingest.ts';
import { LATENCY_SHAPES, type LatencyShape } from '../../src/protocol/latency.ts';
import type { EncoderEvent, EncoderFault, EncoderPlan, StartEncoder } from '../encoder/events.ts';
import { HealthMeter } from '../health.ts';
import type { Log } from '../log.ts';
import type { Frame, Source, SourceEvent, Track } from '../media.ts';
import type { PublishItem } from '../publisher/items.ts';
import { Timeline } from '../timeline.ts';
import { GopBuffer } from './gop-buffer.ts';
import { Opening, type Start, type Tracks } from './opening.ts';
import { withParameterSets } from './parameter-sets.ts';
import { type Measured, measure, type PlanEncoder } from './plan.ts';
import { Restarts } from './restarts.ts';
import { isCopied, Run, type RunTrouble } from './run.ts';

/** What a session asks of its publisher. */
export interface SessionPublisher {
  push(item: PublishItem, payload: Uint8Array | null): void;
  health(health: Health): void;
  poster(width: number, height: number, jpeg: Uint8Array): void;
  /** Says goodbye and flushes, with a limit. Idempotent. */
  close(reason: string): Promise<void>;
}

export interface SessionOptions {
  grant: PublishGrant;
  source: Source;
  publisher: SessionPublisher;
  startEncoder: StartEncoder;
  plan: PlanEncoder;
  allowsCopy: boolean;
  clock: () => number;
  log: Log;
  /** The cost is known, or has changed. */
  onPlan: (plan: EncoderPlan) => void;
  /** The last word; the source, the encoder and the publisher are let go by then. */
  onEnded: (reason: string) => void;
}

type State =
  | { name: 'opening'; opening: Opening }
  /** A start is decided; the next key frame makes it. */
  | { name: 'ready' }
  | { name: 'running'; run: Run }
  /** The old encoder goes; a new one follows after `restMs`. */
  | { name: 'stopping'; run: Run; killAtMs: number; restMs: number }
  | { name: 'resting'; untilMs: number }
  | { name: 'finishing'; run: Run | null; killAtMs: number }
  | { name: 'ended' };

type ExitEvent = Extract<EncoderEvent, { type: 'exited' }>;

const TICK_MS = 100;
const HEALTH_MS = 1000;
/** How long an encoder may take to hand over its last part. */
const EXIT_MS = 1500;
/** A track that is silent this long while the other flows is planned without: muxing would wait for it. */
const TRACK_LOST_MS = 3000;
/** A copied source with as many gaps is transcoded from then on. */
const MAX_COPY_GAPS = 3;
/**
 * A longer silence of the whole source is not filled with copies of its last picture: they come as one burst, in which the
 * sound falls so far behind the pictures that it looks lost. A discontinuity says honestly that nothing was there.
 */
const MAX_FILLED_MS = 2000;
/** After a fault of the sound it stays out this long, each time longer. */
const AUDIO_REST_MS = 5000;
/** A clock that jumps more often within a minute is broken: every jump costs a new encoder. */
const MAX_CLOCK_JUMPS = 20;
const GOP_LIMITS = { maxMs: 4000, maxBytes: 4 * 1024 * 1024 };

export class Session {
  readonly #options: SessionOptions;
  readonly #shape: LatencyShape;
  readonly #timeline = new Timeline();
  readonly #restarts = new Restarts();
  readonly #health: HealthMeter;
  #state: State;
  #tracks: Tracks = { video: null, audio: null };
  /** What the next run encodes. */
  #present: Tracks = { video: null, audio: null };
  #gop = new GopBuffer({ ...GOP_LIMITS, hasVideo: true });
  #canCopy = false;
  #copyGaps = 0;
  #audioFaults = 0;
  #audioBackAtMs = 0;
  #clockJumps: number[] = [];
  #measured: Measured = { frameRate: null, bitrateKbps: null };
  #shed = 0;
  #generation = 0;
  #nextMsn = 0;
  /** End of everything published, on the media timeline. */
  #endMs: number | null = null;
  #lastDropMs: number | null = null;
  #droppedFrames = 0;
  #renditions: RenditionName[] = [];
  #lastArrivalMs = { video: 0, audio: 0 };
  /** The track's configuration differs from what the running encoder was told. */
  #isConfigStale = false;
  #timer: NodeJS.Timeout | null = null;
  #lastHealthMs = 0;
  #endReason = '';

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#shape = LATENCY_SHAPES[options.grant.latency];
    this.#health = new HealthMeter({ protocol: options.source.protocol });
    // Browsers send key frames only on request: nothing of theirs can be cut into segments as it is.
    const mayCopy = options.allowsCopy && options.source.protocol === 'rtmp';
    this.#state = { name: 'opening', opening: new Opening({ observesFor: mayCopy ? this.#shape : null }) };
  }

  start(): void {
    this.#timer = setInterval(() => this.#guard(() => this.#tick()), TICK_MS);
    this.#options.source.start((event) => this.#guard(() => this.#onSourceEvent(event)));
    this.#options.source.requestKeyFrame();
  }

  /** Lets the encoder go, flushes what there is, says goodbye. Idempotent; `onEnded` follows. */
  stop(reason: string): void {
    this.#endReason ||= reason;
    this.#options.source.stop(reason);
    this.#finish(reason);
  }

  #onSourceEvent(event: SourceEvent): void {
    switch (event.type) {
      case 'track':
        this.#onTrack(event.track);
        return;
      case 'frame':
        this.#onFrame(event.frame);
        return;
      case 'ended':
        this.#finish(this.#endReason || event.reason);
        return;
    }
  }

  #onTrack(track: Track): void {
    const before = this.#tracks[track.kind];
    this.#tracks = { ...this.#tracks, [track.kind]: track };
    this.#health.track(track);
    if (!before || this.#present[track.kind] === null || isSameTrack(before, track)) return;
    const isInBand = track.kind === 'video' && before.codec === track.codec;
    this.#present = { ...this.#present, [track.kind]: track };
    if (this.#state.name !== 'running') return;
    // A new size is boxed by the encoder and new parameter sets go in-band; another codec, and a copied source, need a new one.
    if (isInBand && !isCopied(this.#state.run.plan)) this.#isConfigStale = true;
    else this.#replace(`the ${track.kind} changed`, { flush: true });
  }

  #onFrame(frame: Frame): void {
    const nowMs = this.#options.clock();
    this.#health.frame(frame);
    const placed = this.#timeline.place(frame);
    if (placed.type === 'drop') {
      this.#droppedFrames += 1;
      return;
    }
    this.#lastArrivalMs[frame.kind] = nowMs;
    if (placed.type === 'discontinuity') this.#onClockJump(placed.jumpMs, nowMs);
    else if (placed.gapMs > MAX_FILLED_MS) this.#replace('the source was away', { flush: true });
    const { name } = this.#state;
    if (name === 'opening') {
      this.#open(this.#state.opening.take(placed.frame, this.#tracks, nowMs));
      return;
    }
    if (name === 'finishing' || name === 'ended') return;
    this.#onTrackPresence(placed.frame);
    if (this.#present[frame.kind] === null) return;
    const ready = this.#freshen(placed.frame);
    this.#gop.push(ready);
    if (this.#state.name === 'running') this.#heed(this.#state.run.write(ready));
    else if (this.#state.name === 'ready') this.#startRun();
  }

  /** What came before cannot be joined: the old encoder finishes, and the next key frame starts a new one. */
  #onClockJump(jumpMs: number, nowMs: number): void {
    this.#health.clockJump(nowMs);
    this.#clockJumps = [...this.#clockJumps.filter((at) => nowMs - at < 60_000), nowMs];
    if (this.#clockJumps.length > MAX_CLOCK_JUMPS) {
      this.stop('The clock of your encoder jumps again and again; please restart the encoder.');
      return;
    }
    this.#options.log.warn('the clock of the encoder jumped', { jumpMs: Math.round(jumpMs) });
    if (this.#state.name === 'opening') {
      this.#state = { name: 'opening', opening: new Opening({ observesFor: this.#observesFor() }) };
    } else if (this.#state.name === 'running') {
      this.#replace('the clock of the encoder jumped', { flush: true });
    } else {
      this.#gop.clear();
    }
  }

  /** A track that was away, or never there, and now sends: it joins by a new run. */
  #onTrackPresence(frame: Frame): void {
    const track = this.#tracks[frame.kind];
    if (this.#present[frame.kind] !== null || !track) return;
    if (frame.kind === 'video' ? !frame.isKey : this.#options.clock() < this.#audioBackAtMs) return;
    this.#present = { ...this.#present, [track.kind]: track };
    if (frame.kind === 'video') this.#gop = new GopBuffer({ ...GOP_LIMITS, hasVideo: true });
    if (this.#state.name === 'running') this.#replace(`${frame.kind} has come`, { flush: frame.kind === 'video' });
  }

  #freshen(frame: Frame): Frame {
    const video = this.#present.video;
    return this.#isConfigStale && frame.kind === 'video' && frame.isKey && video
      ? withParameterSets(frame, video)
      : frame;
  }

  #open(start: Start | null): void {
    if (!start) return;
    this.#present = start.tracks;
    this.#canCopy = start.canCopy;
    this.#measured = measure(start.frames);
    if (start.copyRefusal) this.#options.log.info('the source is not copied', { because: start.copyRefusal });
    this.#gop = new GopBuffer({ ...GOP_LIMITS, hasVideo: start.tracks.video !== null });
    const run = this.#startRun();
    for (const frame of start.frames) this.#gop.push(frame);
    if (run) this.#feed(run, start.frames);
  }

  /** Starts an encoder with what the GOP buffer holds; without a key frame in it, waits for one. */
  #startRun(): Run | null {
    const { startEncoder, plan: planEncoder, clock, publisher, source } = this.#options;
    const isFirst = this.#state.name === 'opening';
    if (!isFirst && this.#gop.frames.length === 0) {
      this.#state = { name: 'ready' };
      source.requestKeyFrame();
      return null;
    }
    const answer = planEncoder({
      ...this.#present,
      ...{ shape: this.#shape, canCopy: this.#canCopy, measured: this.#measured, shed: this.#shed },
    });
    if (!answer.ok) {
      this.stop(answer.detail);
      return null;
    }
    const { plan } = answer;
    this.#isConfigStale = false;
    this.#options.onPlan(plan);
    const run: Run = new Run({
      ...{ plan, startEncoder, clock, generation: this.#generation, firstMsn: this.#nextMsn },
      rejoinAtMs: this.#endMs,
      lastDropMs: this.#lastDropMs,
      wallTimeMs: (mediaMs) => this.#timeline.wallTimeMs(mediaMs),
      publish: ({ item, payload }) => publisher.push(item, payload),
      onPoster: ({ width, height, payload }) => publisher.poster(width, height, payload),
      onExit: (exit) => this.#guard(() => this.#onExit(run, exit)),
    });
    this.#state = { name: 'running', run };
    this.#options.log.info('encoding', { renditions: plan.renditions.map(({ name }) => name), copied: isCopied(plan) });
    this.#feed(run, this.#gop.frames);
    source.requestKeyFrame();
    return run;
  }

  #feed(run: Run, frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (this.#state.name !== 'running' || this.#state.run !== run) return;
      this.#heed(run.write(frame));
    }
  }

  #heed(trouble: RunTrouble | null): void {
    if (!trouble || this.#state.name !== 'running') return;
    switch (trouble.type) {
      case 'overloaded':
        this.#shed += 1;
        this.#replace('the encoder cannot keep up: one rendition less', { flush: false });
        return;
      case 'cannot-copy': {
        const { type, reason } = trouble.trouble;
        this.#copyGaps += 1;
        this.#canCopy = type === 'gap' && this.#copyGaps < MAX_COPY_GAPS;
        this.#replace(`${reason} in a copied source`, { flush: this.#canCopy });
        return;
      }
      case 'stuck':
        this.#options.log.warn('the encoder stands still', {});
        this.#failed(this.#state.run, 'no part for 4 s');
        return;
    }
  }

  /** Ends the run for a new one. `flush`: its last frames come out, and none is fed again. */
  #replace(why: string, { flush }: { flush: boolean }): void {
    if (this.#state.name !== 'running') return;
    const { run } = this.#state;
    this.#options.log.info('starting a new encoder', { why });
    this.#state = { name: 'stopping', run, killAtMs: this.#options.clock() + EXIT_MS, restMs: 0 };
    if (flush) {
      this.#gop.clear();
      run.end();
    } else {
      run.kill();
    }
  }

  #failed(run: Run, detail: string): void {
    const nowMs = this.#options.clock();
    const verdict = this.#restarts.failed(nowMs);
    if (verdict.type === 'give-up') {
      this.stop(`The encoder failed ${verdict.failures} times within a minute, the last time with: ${detail}`);
      return;
    }
    this.#state = { name: 'stopping', run, killAtMs: nowMs, restMs: verdict.delayMs };
    run.kill();
  }

  #onExit(run: Run, { expected, detail, fault }: ExitEvent): void {
    const nowMs = this.#options.clock();
    this.#settle(run);
    if (fault) this.#avoid(fault);
    switch (this.#state.name) {
      case 'running': {
        if (expected || fault) {
          this.#startAfter(0);
          return;
        }
        this.#options.log.warn('the encoder died', { detail });
        const verdict = this.#restarts.failed(nowMs);
        if (verdict.type === 'restart') {
          this.#startAfter(verdict.delayMs);
          return;
        }
        this.#state = { name: 'ready' };
        this.stop(`The encoder failed ${verdict.failures} times within a minute, the last time with: ${detail}`);
        return;
      }
      case 'stopping':
        this.#startAfter(this.#state.restMs);
        return;
      case 'finishing':
        this.#end();
        return;
      default:
        return;
    }
  }

  /** The plan was wrong for this source, the encoder is not: the next one is planned otherwise. */
  #avoid(fault: EncoderFault): void {
    if (fault === 'copy_irregular') this.#canCopy = false;
    else {
      // Sound that comes but cannot be used would come back at once, and fail again.
      this.#audioFaults += 1;
      this.#audioBackAtMs = this.#options.clock() + AUDIO_REST_MS * this.#audioFaults;
      this.#present = { ...this.#present, audio: null };
    }
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
    else {
      this.#state = { name: 'ready' };
      this.#startRun();
    }
  }

  #tick(): void {
    const nowMs = this.#options.clock();
    switch (this.#state.name) {
      case 'opening':
        this.#open(this.#state.opening.tick(this.#tracks, nowMs));
        break;
      case 'running':
        this.#heed(this.#state.run.tick(nowMs));
        this.#loseSilentTrack();
        break;
      case 'stopping':
        if (nowMs >= this.#state.killAtMs) this.#state.run.kill();
        break;
      case 'resting':
        if (nowMs >= this.#state.untilMs) this.#startAfter(0);
        break;
      case 'finishing':
        if (nowMs >= this.#state.killAtMs) this.#state.run?.kill();
        break;
      case 'ready':
      case 'ended':
        break;
    }
    if (this.#state.name !== 'ended' && nowMs - this.#lastHealthMs >= HEALTH_MS) this.#report(nowMs);
  }

  #loseSilentTrack(): void {
    const { video, audio } = this.#lastArrivalMs;
    if (!this.#present.video || !this.#present.audio || Math.abs(video - audio) < TRACK_LOST_MS) return;
    const lost = video < audio ? 'video' : 'audio';
    this.#present = { ...this.#present, [lost]: null };
    if (lost === 'video') this.#gop = new GopBuffer({ ...GOP_LIMITS, hasVideo: false });
    this.#replace(`${lost} has stopped`, { flush: false });
  }

  #report(nowMs: number): void {
    this.#lastHealthMs = nowMs;
    if (this.#state.name === 'ready' || this.#state.name === 'opening') this.#options.source.requestKeyFrame();
    const run = this.#state.name === 'running' ? this.#state.run : null;
    if (run?.hasBegun) this.#renditions = run.renditions;
    this.#options.publisher.health(
      this.#health.sample({
        nowMs,
        stats: this.#options.source.stats(),
        droppedFrames: this.#droppedFrames + (run?.droppedFrames ?? 0),
        encoderLagMs: run?.lagMs(nowMs) ?? 0,
        audioVideoSkewMs: this.#timeline.audioVideoSkewMs(),
        renditions: this.#renditions,
        passthrough: run ? isCopied(run.plan) : false,
        shed: this.#shed,
      }),
    );
  }

  #finish(reason: string): void {
    const state = this.#state;
    if (state.name === 'finishing' || state.name === 'ended') return;
    this.#endReason ||= reason;
    const run = state.name === 'running' || state.name === 'stopping' ? state.run : null;
    this.#state = { name: 'finishing', run, killAtMs: this.#options.clock() + EXIT_MS };
    if (!run) this.#end();
    else if (state.name === 'running') run.end();
  }

  #end(): void {
    if (this.#state.name === 'ended') return;
    this.#state = { name: 'ended' };
    if (this.#timer) clearInterval(this.#timer);
    const reason = this.#endReason;
    this.#options.publisher
      .close(reason)
      .catch((error: unknown) => this.#options.log.warn('the goodbye failed', { error: String(error) }))
      .finally(() => this.#options.onEnded(reason));
  }

  /** A mistake in one broadcast ends that broadcast only. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#options.log.error('the session failed', { error: error instanceof Error ? error.message : String(error) });
      this.stop('Something broke inside the transcoder; please start the broadcast again.');
    }
  }

  #observesFor(): LatencyShape | null {
    return this.#options.allowsCopy && this.#options.source.protocol === 'rtmp' ? this.#shape : null;
  }
}

function isSameTrack(one: Track, other: Track): boolean {
  if (one.kind !== other.kind || one.codec !== other.codec) return false;
  const [a, b] = [one.config, other.config];
  return a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, index) => byte === b[index]));
}
