// One WHIP session as a source of frames: its transport, its receive machine, and the clock that drives it.
import type { Source, SourceEvent, SourceStats } from '../../media.ts';
import { type MediaOutput, MediaReceiver } from './rtp/media-receiver.ts';
import type { SessionPlan } from './sdp/plan.ts';
import type { WhipTransport } from './transport.ts';

export interface WhipSourceOptions {
  plan: SessionPlan;
  remoteAddress: string;
  ownSsrc: number;
  maxVideoBitsPerSecond: number;
  /** Connected or not by then: a session that never connects is freed. */
  connectTimeoutMs: number;
  /** Without a packet for this long the encoder counts as gone. */
  silenceTimeoutMs: number;
  now: () => number;
  /** Called once, whatever ended it. */
  onEnded: () => void;
}

/** Short enough for the first NACK (8 ms after a hole). */
const TICK_MS = 10;
/** Events kept for a session that has not called start() yet: some seconds of media. Beyond it frames are dropped. */
const MOST_EARLY_EVENTS = 1500;

export class WhipSource implements Source {
  readonly protocol = 'whip';
  readonly remoteAddress: string;
  readonly #options: WhipSourceOptions;
  readonly #receiver: MediaReceiver;
  #transport: WhipTransport | null = null;
  #onEvent: ((event: SourceEvent) => void) | null = null;
  #early: SourceEvent[] = [];
  #earlyDropped = 0;
  /** Early frames were dropped: what follows refers to them until the next key frame. */
  #awaitsKeyFrame = false;
  #timer: NodeJS.Timeout | null = null;
  #lastHeardMs: number;
  #isConnected = false;
  #isOver = false;

  constructor(options: WhipSourceOptions) {
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
    const { plan, ownSsrc, maxVideoBitsPerSecond } = options;
    this.#receiver = new MediaReceiver({ video: plan.video, audio: plan.audio, ownSsrc, maxVideoBitsPerSecond });
    this.#lastHeardMs = options.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The transport of this source; what it says goes to the methods below. */
  attach(transport: WhipTransport): void {
    if (this.#isOver) transport.close();
    else this.#transport = transport;
  }

  start(onEvent: (event: SourceEvent) => void): void {
    this.#onEvent = onEvent;
    const early = this.#early;
    this.#early = [];
    for (const event of early) onEvent(event);
    if (this.#awaitsKeyFrame) this.requestKeyFrame();
  }

  stop(reason: string): void {
    this.end(true, reason);
  }

  requestKeyFrame(): void {
    if (!this.#isOver) this.#follow(this.#receiver.requestKeyFrame(this.#options.now()));
  }

  stats(): SourceStats {
    const stats = this.#receiver.stats();
    return { ...stats, framesDropped: stats.framesDropped + this.#earlyDropped };
  }

  connected(): void {
    this.#isConnected = true;
    this.#lastHeardMs = this.#options.now();
  }

  receive(packet: Uint8Array): void {
    if (this.#isOver) return;
    this.#lastHeardMs = this.#options.now();
    this.#follow(this.#receiver.receive(packet, this.#lastHeardMs));
  }

  /** Ends ICE at once and says `ended`. Only the first call counts. */
  end(clean: boolean, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#transport?.close();
    this.#emit({ type: 'ended', clean, reason });
    this.#options.onEnded();
  }

  #tick(): void {
    const nowMs = this.#options.now();
    const { connectTimeoutMs, silenceTimeoutMs } = this.#options;
    const silentMs = nowMs - this.#lastHeardMs;
    if (!this.#isConnected && silentMs >= connectTimeoutMs) {
      this.end(
        false,
        'The encoder never connected: it may not reach our UDP port. Check firewalls and the announced addresses.',
      );
    } else if (this.#isConnected && silentMs >= silenceTimeoutMs) {
      this.end(false, 'The encoder has sent nothing for a while: its network is down or it was stopped.');
    } else if (this.#isConnected) {
      this.#follow(this.#receiver.tick(nowMs));
    }
  }

  #follow(outputs: readonly MediaOutput[]): void {
    for (const output of outputs) {
      if (this.#isOver) return;
      if (output.type === 'send') this.#transport?.send(output.packet);
      else this.#emit(output);
    }
  }

  #emit(event: SourceEvent): void {
    if (event.type === 'frame' && event.frame.kind === 'video' && this.#awaitsKeyFrame) {
      if (!event.frame.isKey) {
        this.#earlyDropped += 1;
        return;
      }
      this.#awaitsKeyFrame = this.#onEvent === null;
    }
    if (this.#onEvent) {
      this.#onEvent(event);
    } else if (event.type !== 'frame' || this.#early.length < MOST_EARLY_EVENTS) {
      this.#early.push(event);
    } else {
      this.#earlyDropped += 1;
      this.#awaitsKeyFrame = true;
    }
  }
}
