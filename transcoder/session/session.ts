// One broadcast from hello to goodbye: source -> timeline -> encoder runs -> publisher.
import type { Health } from '../../src/protocol/health.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { PublishGrant } from '../../src/protocol/ingest.ts';
import { LATENCY_SHAPES, type LatencyShape } from '../../src/protocol/latency.ts';
import type { EncoderPlan, StartEncoder } from '../encoder/events.ts';
import { HealthMeter } from '../health.ts';
import type { Log } from '../log.ts';
import type { Frame, Source, SourceEvent, Track } from '../media.ts';
import type { PublishItem } from '../publisher/items.ts';
import { Timeline } from '../timeline.ts';
import { Encoding } from './encoding.ts';
import { Opening, type Start } from './opening.ts';
import { withParameterSets } from './parameter-sets.ts';
import type { PlanEncoder } from './plan.ts';
import { isCopied } from './run.ts';
import { TrackPresence } from './track-presence.ts';

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

const TICK_MS = 100;
const HEALTH_MS = 1000;
/**
 * A longer silence of the whole source is not filled with copies of its last picture: they come as one burst, in which the
 * sound falls so far behind the pictures that it looks lost. A discontinuity says honestly that nothing was there.
 */
const MAX_FILLED_MS = 2000;
/** A clock that jumps more often within a minute is broken: every jump costs a new encoder. */
const MAX_CLOCK_JUMPS = 20;
/** A source that gives nothing to begin with for so long holds a place for nothing; most send a key frame when they connect anew. */
const NOTHING_USABLE_MS = 30_000;

const NOTHING_USABLE =
  'For half a minute neither a key frame nor usable sound has come. Check the sources and the keyframe interval (2 s) in your encoder, and start again.';

export class Session {
  readonly #options: SessionOptions;
  readonly #shape: LatencyShape;
  readonly #timeline = new Timeline();
  readonly #tracks = new TrackPresence();
  readonly #health: HealthMeter;
  readonly #encoding: Encoding;
  #phase: 'opening' | 'encoding' | 'finishing' | 'ended' = 'opening';
  #opening: Opening;
  #unplacedFrames = 0;
  #clockJumps: number[] = [];
  #renditions: RenditionName[] = [];
  #isPassthrough = false;
  /** The video's parameters differ from what the running encoder was told. */
  #hasNewParameters = false;
  #timer: NodeJS.Timeout | null = null;
  #lastHealthMs = 0;
  /** When there was an encoder at last; at first, when the session began. */
  #lastEncodingMs: number;
  #endReason = '';

  constructor(options: SessionOptions) {
    const { source, publisher, startEncoder, clock, log, plan } = options;
    this.#options = options;
    this.#shape = LATENCY_SHAPES[options.grant.latency];
    this.#lastEncodingMs = clock();
    this.#health = new HealthMeter({ protocol: source.protocol });
    this.#opening = this.#newOpening();
    this.#encoding = new Encoding({
      ...{ shape: this.#shape, startEncoder, plan, clock, log },
      tracks: () => this.#tracks.present,
      wallTimeMs: (mediaMs) => this.#timeline.wallTimeMs(mediaMs),
      requestKeyFrame: () => source.requestKeyFrame(),
      publish: ({ item, payload }) => publisher.push(item, payload),
      onPoster: ({ width, height, payload }) => publisher.poster(width, height, payload),
      onPlan: (made) => {
        this.#hasNewParameters = false;
        options.onPlan(made);
      },
      onAudioFault: () => this.#tracks.rejectAudio(clock()),
      onGiveUp: (reason) => this.stop(reason),
      onDone: () => this.#end(),
      guard: (act) => this.#guard(act),
    });
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
    if (event.type === 'track') this.#onTrack(event.track);
    else if (event.type === 'frame') this.#onFrame(event.frame);
    else this.#finish(event.reason);
  }

  #onTrack(track: Track): void {
    this.#health.track(track);
    const change = this.#tracks.announce(track);
    const { run } = this.#encoding;
    if (change === 'none' || !run) return;
    // A new size is boxed by the encoder and new parameter sets go in-band; another codec, and a copied source, need a new one.
    if (change === 'in-band' && !isCopied(run.plan)) this.#hasNewParameters = true;
    else this.#encoding.replace(`the ${track.kind} changed`, { flush: true });
  }

  #onFrame(frame: Frame): void {
    if (this.#phase === 'finishing' || this.#phase === 'ended') return;
    const nowMs = this.#options.clock();
    this.#health.frame(frame);
    const placed = this.#timeline.place(frame);
    if (placed.type === 'drop') {
      this.#unplacedFrames += 1;
      return;
    }
    if (placed.type === 'discontinuity') this.#onClockJump(placed.jumpMs, nowMs);
    else if (placed.gapMs > MAX_FILLED_MS) this.#encoding.replace('the source was away', { flush: true });
    if (this.#phase === 'opening') {
      this.#tracks.arrived(placed.frame, nowMs);
      this.#open(this.#opening.take(placed.frame, this.#tracks.announced, nowMs));
    } else if (this.#phase === 'encoding') this.#encode(placed.frame, nowMs);
  }

  #encode(frame: Frame, nowMs: number): void {
    if (this.#tracks.arrived(frame, nowMs)) {
      if (frame.kind === 'video') this.#encoding.restartGop(true);
      this.#encoding.replace(`${frame.kind} has come`, { flush: frame.kind === 'video' });
    }
    const { video } = this.#tracks.present;
    if (this.#tracks.present[frame.kind] === null) return;
    const isKey = frame.kind === 'video' && frame.isKey;
    this.#encoding.write(this.#hasNewParameters && isKey && video ? withParameterSets(frame, video) : frame);
  }

  /** What came before cannot be joined: the old encoder finishes, and the next key frame starts a new one. */
  #onClockJump(jumpMs: number, nowMs: number): void {
    this.#health.clockJump(nowMs);
    this.#options.log.warn('the clock of the encoder jumped', { jumpMs: Math.round(jumpMs) });
    this.#clockJumps = [...this.#clockJumps.filter((at) => nowMs - at < 60_000), nowMs];
    if (this.#clockJumps.length > MAX_CLOCK_JUMPS) {
      this.stop('The clock of your encoder jumps again and again; please restart the encoder.');
    } else if (this.#phase === 'opening') this.#opening = this.#newOpening();
    else this.#encoding.replace('the clock of the encoder jumped', { flush: true });
  }

  #open(start: Start | null): void {
    if (!start) return;
    if (start.copyRefusal) this.#options.log.info('the source is not copied', { because: start.copyRefusal });
    this.#phase = 'encoding';
    this.#tracks.adopt(start.tracks);
    this.#encoding.begin(start);
  }

  #tick(): void {
    const nowMs = this.#options.clock();
    if (this.#phase === 'opening') this.#open(this.#opening.tick(this.#tracks.announced, nowMs));
    this.#encoding.tick(nowMs);
    const lost = this.#phase === 'encoding' ? this.#tracks.dropSilent() : null;
    if (lost === 'video') this.#encoding.restartGop(false);
    if (lost) this.#encoding.replace(`${lost} has stopped`, { flush: false });
    if (!this.#encoding.isWaitingForKey) this.#lastEncodingMs = nowMs;
    else if (nowMs - this.#lastEncodingMs > NOTHING_USABLE_MS) this.stop(NOTHING_USABLE);
    const isLive = this.#phase === 'opening' || this.#phase === 'encoding';
    if (isLive && nowMs - this.#lastHealthMs >= HEALTH_MS) this.#report(nowMs);
  }

  #report(nowMs: number): void {
    this.#lastHealthMs = nowMs;
    const { source, publisher } = this.#options;
    const { run, shed, isWaitingForKey } = this.#encoding;
    if (isWaitingForKey) source.requestKeyFrame();
    // Between two runs what the last one made still stands.
    if (run?.hasBegun) this.#renditions = run.renditions;
    if (run) this.#isPassthrough = isCopied(run.plan);
    publisher.health(
      this.#health.sample({
        ...{ nowMs, stats: source.stats(), shed, renditions: this.#renditions },
        droppedFrames: this.#unplacedFrames + this.#encoding.droppedFrames,
        encoderLagMs: run?.lagMs(nowMs) ?? 0,
        audioVideoSkewMs: this.#timeline.audioVideoSkewMs(),
        passthrough: this.#isPassthrough,
      }),
    );
  }

  #finish(reason: string): void {
    if (this.#phase === 'finishing' || this.#phase === 'ended') return;
    this.#endReason ||= reason;
    this.#phase = 'finishing';
    this.#encoding.finish();
  }

  #end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    if (this.#timer) clearInterval(this.#timer);
    const { publisher, log, onEnded } = this.#options;
    publisher
      .close(this.#endReason)
      .catch((error: unknown) => log.warn('the goodbye failed', { error: String(error) }))
      .finally(() => onEnded(this.#endReason));
  }

  /** Browsers send key frames only on request: nothing of theirs can be cut into segments as it is. */
  #newOpening(): Opening {
    const mayCopy = this.#options.allowsCopy && this.#options.source.protocol === 'rtmp';
    return new Opening({ observesFor: mayCopy ? this.#shape : null });
  }

  /** A mistake in one broadcast ends that broadcast only. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.log.error('the session failed', { error: detail });
      this.stop('Something broke inside the transcoder; please start the broadcast again.');
    }
  }
}
