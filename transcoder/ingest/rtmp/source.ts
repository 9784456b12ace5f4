// One publisher as a Source: delivers events in order, holds them until somebody listens, ends exactly once.
import type { Source, SourceEvent, SourceStats } from '../../media.ts';
import { Demuxer } from './demuxer.ts';
import type { RtmpMessage } from './messages.ts';

export interface RtmpSourceOptions {
  remoteAddress: string;
  maxPendingBytes: number;
  /** Lets the encoder go with a word to it; the connection answers by calling `end`. */
  onStop: (reason: string) => void;
  /** The media cannot be used: tell the encoder why; as onStop. */
  onUnusable: (reason: string) => void;
  bytesReceived: () => number;
}

/** What an event costs beside its data: there may be many small ones. */
const EVENT_BYTES = 256;

export class RtmpSource implements Source {
  readonly protocol = 'rtmp';
  readonly remoteAddress: string;
  roundTripMs: number | null = null;
  readonly #options: RtmpSourceOptions;
  readonly #demuxer = new Demuxer();
  #onEvent: ((event: SourceEvent) => void) | null = null;
  #pending: SourceEvent[] = [];
  #pendingBytes = 0;
  #hasEnded = false;

  constructor(options: RtmpSourceOptions) {
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
  }

  start(onEvent: (event: SourceEvent) => void): void {
    this.#onEvent = onEvent;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const event of pending) onEvent(event);
  }

  stop(reason: string): void {
    if (!this.#hasEnded) this.#options.onStop(reason);
  }

  /** RTMP has no word for it. */
  requestKeyFrame(): void {}

  stats(): SourceStats {
    return {
      bytesReceived: this.#options.bytesReceived(),
      packetsLost: null,
      packetsReceived: null,
      roundTripMs: this.roundTripMs,
      framesDropped: this.#demuxer.framesDropped,
    };
  }

  receive(message: RtmpMessage, arrivalMs: number): void {
    for (const event of this.#demuxer.receive(message, arrivalMs)) {
      if (this.#hasEnded) return;
      if (event.type === 'unsupported') this.#options.onUnusable(event.reason);
      else this.#deliver(event);
    }
  }

  end(clean: boolean, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#deliver({ type: 'ended', clean, reason });
  }

  #deliver(event: SourceEvent): void {
    if (this.#onEvent) {
      this.#onEvent(event);
      return;
    }
    this.#pending.push(event);
    this.#pendingBytes += EVENT_BYTES + (event.type === 'frame' ? event.frame.data.length : 0);
    if (this.#pendingBytes > this.#options.maxPendingBytes && !this.#hasEnded) {
      this.#options.onStop('The stream was not taken up in time. Start again in a moment.');
    }
  }
}
