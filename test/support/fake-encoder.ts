// An encoder without pictures: makes a part of every rendition for each third of a second that is written to it.
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { Encoder, EncoderEvent, EncoderPlan, StartEncoder } from '../../transcoder/encoder/events.ts';
import type { Frame } from '../../transcoder/media.ts';

const PART_MS = 1000 / 3;
const PARTS_PER_SEGMENT = 6;

export class FakeEncoder implements Encoder {
  readonly plan: EncoderPlan;
  readonly written: Frame[] = [];
  isEnded = false;
  isKilled = false;
  /** A stopped encoder takes frames and makes nothing. */
  isStalled = false;
  backlog = 0;
  readonly #onEvent: (event: EncoderEvent) => void;
  #isOver = false;
  #startMs: number | null = null;
  #parts = 0;

  constructor(plan: EncoderPlan, onEvent: (event: EncoderEvent) => void) {
    this.plan = plan;
    this.#onEvent = onEvent;
  }

  get names(): RenditionName[] {
    return this.plan.renditions.map(({ name }) => name);
  }

  write(frame: Frame): void {
    if (this.#isOver) throw new Error('written after the end');
    this.written.push(frame);
    if (this.#startMs === null) {
      this.#startMs = frame.ptsMs;
      for (const name of this.names)
        this.#emit({ type: 'init', rendition: name, info: infoOf(name), payload: new Uint8Array(3) });
    }
    this.#work();
  }

  /** Takes up again what lay while it was stalled. */
  resume(): void {
    this.isStalled = false;
    this.#work();
  }

  backlogBytes(): number {
    return this.backlog;
  }

  end(): void {
    this.isEnded = true;
    queueMicrotask(() => this.exit(true, 'ended'));
  }

  kill(): void {
    this.isKilled = true;
    queueMicrotask(() => this.exit(true, 'killed'));
  }

  /** What a SIGKILL from outside looks like. */
  exit(expected: boolean, detail: string, fault?: 'audio_missing' | 'copy_irregular'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEvent({ type: 'exited', expected, detail, ...(fault ? { fault } : {}) });
  }

  #work(): void {
    const newestMs = this.written.at(-1)?.ptsMs ?? 0;
    while (!this.isStalled && newestMs >= (this.#startMs ?? 0) + (this.#parts + 1) * PART_MS - 0.01) this.#makePart();
  }

  #makePart(): void {
    const segment = Math.floor(this.#parts / PARTS_PER_SEGMENT);
    const part = this.#parts % PARTS_PER_SEGMENT;
    const startSeconds = ((this.#startMs ?? 0) + this.#parts * PART_MS) / 1000;
    this.#parts += 1;
    for (const rendition of this.names) {
      const place = { rendition, segment, part, chunk: 0, endsPart: true, independent: part % 3 === 0 };
      this.#emit({
        type: 'chunk',
        ...place,
        startSeconds,
        durationSeconds: PART_MS / 1000,
        payload: new Uint8Array(100),
      });
      if (part === PARTS_PER_SEGMENT - 1) this.#emit({ type: 'segment', rendition, segment, parts: PARTS_PER_SEGMENT });
    }
  }

  #emit(event: EncoderEvent): void {
    if (!this.#isOver) this.#onEvent(event);
  }
}

/** A way to start encoders, and all that were started. */
export function fakeEncoders(): { start: StartEncoder; started: FakeEncoder[]; last: () => FakeEncoder } {
  const started: FakeEncoder[] = [];
  const start: StartEncoder = (plan, onEvent) => {
    const encoder = new FakeEncoder(plan, onEvent);
    started.push(encoder);
    return encoder;
  };
  const last = (): FakeEncoder => {
    const encoder = started.at(-1);
    if (!encoder) throw new Error('no encoder was started');
    return encoder;
  };
  return { start, started, last };
}

const infoOf = (name: RenditionName) => ({
  ...{ name, kind: name === 'audio' ? ('audio' as const) : ('video' as const), codecs: 'avc1.64001F,mp4a.40.2' },
  ...{ width: 640, height: 360, frameRate: 30, bandwidth: 1_000_000, averageBandwidth: 900_000, isSource: false },
});
