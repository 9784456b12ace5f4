// One encoder at work: feeds it, numbers what it makes, and notices when it falls behind, stands still or dies.
import { shed } from '../../src/domain/hls/ladder.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { Encoder, EncoderEvent, EncoderPlan, StartEncoder } from '../encoder/events.ts';
import type { Frame } from '../media.ts';
import { Generation, type Publication } from './generation.ts';
import { Overload } from './overload.ts';
import { type CopyTrouble, CopyWatch } from './passthrough.ts';
import { rejoin } from './rejoin.ts';

/** While input flows, a part comes at least this often; otherwise the encoder is stuck. */
const STUCK_MS = 4000;
/** What may wait for the encoder whatever the clocks say: 2 s of the largest source we let in, and some. */
const MAX_BACKLOG_BYTES = 32 * 1024 * 1024;
/** Input that was silent this long does not count as flowing: the clock starts again. What is dropped is no input. */
const QUIET_MS = 1000;

export type RunTrouble = { type: 'stuck' } | { type: 'overloaded' } | { type: 'cannot-copy'; trouble: CopyTrouble };

export interface RunOptions {
  plan: EncoderPlan;
  startEncoder: StartEncoder;
  generation: number;
  firstMsn: number;
  /** Where the output of the run before ended, on the media timeline; null for the first. */
  rejoinAtMs: number | null;
  lastDropMs: number | null;
  wallTimeMs: (mediaMs: number) => number;
  clock: () => number;
  publish: (publication: Publication) => void;
  onPoster: (poster: Extract<EncoderEvent, { type: 'poster' }>) => void;
  /** Nothing more comes from this run. `expected`: after `end` or `kill`. */
  onExit: (exit: Extract<EncoderEvent, { type: 'exited' }>) => void;
}

export class Run {
  readonly plan: EncoderPlan;
  readonly #options: RunOptions;
  readonly #encoder: Encoder;
  readonly #generation: Generation;
  readonly #overload: Overload;
  readonly #copyWatch: CopyWatch | null;
  #place: ((frame: Frame) => Frame | null) | null = null;
  #isOver = false;
  #newestPartAtMs: number;
  #flowingSinceMs: number;
  #lastInputAtMs: number;

  constructor(options: RunOptions) {
    const { plan, generation, firstMsn, wallTimeMs, startEncoder, clock } = options;
    this.plan = plan;
    this.#options = options;
    this.#overload = new Overload({
      hasVideo: plan.video !== null,
      canShed: shed(plan) !== null,
      lastDropMs: options.lastDropMs,
    });
    this.#copyWatch = isCopied(plan) ? new CopyWatch(plan.shape) : null;
    const renditions = plan.renditions.map(({ name }) => name);
    this.#generation = new Generation({ generation, firstMsn, renditions, wallTimeMs });
    this.#newestPartAtMs = this.#flowingSinceMs = this.#lastInputAtMs = clock();
    this.#encoder = startEncoder(plan, (event) => this.#onEncoderEvent(event));
  }

  get renditions(): RenditionName[] {
    return this.#generation.renditions;
  }

  get hasBegun(): boolean {
    return this.#generation.hasBegun;
  }

  /** The first number of the next run. */
  get nextMsn(): number {
    return this.#generation.nextMsn;
  }

  /** End of the newest part on the media timeline; null while there is none. */
  get endMs(): number | null {
    const seconds = this.#generation.hasBegun ? this.#generation.endSeconds : null;
    return seconds === null ? null : seconds * 1000;
  }

  get lastDropMs(): number | null {
    return this.#overload.lastDropMs;
  }

  get droppedFrames(): number {
    return this.#overload.droppedFrames;
  }

  lagMs(nowMs: number): number {
    return this.#overload.lagMs(nowMs);
  }

  /** Frames in decode order from a key frame on. */
  write(frame: Frame): RunTrouble | null {
    if (this.#isOver) return null;
    const nowMs = this.#options.clock();
    if (this.#encoder.backlogBytes() > MAX_BACKLOG_BYTES) return { type: 'stuck' };
    const trouble = this.#copyWatch?.check(frame);
    if (trouble) return { type: 'cannot-copy', trouble };
    const verdict = this.#overload.judge(frame, nowMs);
    if (verdict === 'shed') return { type: 'overloaded' };
    // A hole in a copied source would be one part that is too long: there the ladder is lightened at once.
    if (verdict === 'drop') return this.#copyWatch ? { type: 'overloaded' } : null;
    this.#place ??= rejoin({ startMs: frame.dtsMs, endMs: this.#options.rejoinAtMs ?? 0 });
    const placed = this.#place(frame);
    if (!placed) return null;
    if (nowMs - this.#lastInputAtMs > QUIET_MS) this.#flowingSinceMs = nowMs;
    this.#lastInputAtMs = nowMs;
    this.#overload.wrote(placed, nowMs);
    this.#encoder.write(placed);
    return null;
  }

  /** Call a few times a second. */
  tick(nowMs: number): RunTrouble | null {
    const isFlowing = nowMs - this.#lastInputAtMs <= QUIET_MS || this.#overload.isBehind;
    if (this.#isOver || !isFlowing) return null;
    return nowMs - Math.max(this.#newestPartAtMs, this.#flowingSinceMs) > STUCK_MS ? { type: 'stuck' } : null;
  }

  /** Lets the encoder finish what it has. */
  end(): void {
    this.#encoder.end();
  }

  kill(): void {
    this.#encoder.kill();
  }

  #onEncoderEvent(event: EncoderEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'poster':
        this.#options.onPoster(event);
        return;
      case 'exited':
        this.#isOver = true;
        for (const closing of this.#generation.close()) this.#options.publish(closing);
        this.#options.onExit(event);
        return;
      default:
        for (const publication of this.#generation.take(event)) this.#options.publish(publication);
        if (event.type === 'chunk' && event.endsPart) this.#partCame();
    }
  }

  #partCame(): void {
    const commonEnd = this.#generation.commonEndSeconds;
    if (commonEnd === null) return;
    this.#newestPartAtMs = this.#options.clock();
    this.#overload.reached(commonEnd * 1000);
  }
}

export const isCopied = (plan: EncoderPlan): boolean => plan.renditions.some(({ video }) => video?.copied === true);
