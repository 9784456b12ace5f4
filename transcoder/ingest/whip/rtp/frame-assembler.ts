// Gathers ordered packets into whole video frames; after a hole, nothing passes until a frame that a decoder can start with.
import type { CodedFrame, Depacketizer, Opens } from '../depacketize/coded-frame.ts';
import type { RtpPacket } from './packet.ts';

export interface AssembledFrame extends CodedFrame {
  /** In ticks of the RTP clock, as in its packets. */
  timestamp: number;
}

/** 16 MB of payload of 1 kB: no frame is that large, and a sender that never ends one must not fill the memory. */
const MOST_PACKETS = 16_000;

export class FrameAssembler {
  /** True until a key frame has been delivered without a hole since: a request for one is worth it. */
  awaitsKeyFrame = true;
  framesDropped = 0;
  readonly #depacketizer: Depacketizer;
  #payloads: Uint8Array[] = [];
  #timestamp: number | null = null;

  constructor(depacketizer: Depacketizer) {
    this.#depacketizer = depacketizer;
  }

  /** A frame has begun and is not whole yet. */
  get isGathering(): boolean {
    return this.#payloads.length > 0;
  }

  /** A decoder waits for the frame that this payload opens: 'yes' means that no packet before it is of use any more. */
  wants(payload: Uint8Array): Opens {
    const isWaiting = this.awaitsKeyFrame && !this.isGathering && payload.length > 0;
    return isWaiting ? this.#depacketizer.opensKeyFrame(payload) : 'no';
  }

  /** In order, with unwrapped timestamps. A frame ends with its marker, or with the first packet of another timestamp. */
  push(packet: RtpPacket): AssembledFrame[] {
    const { timestamp } = packet;
    // Padding probes repeat the last timestamp without a payload.
    if (packet.payload.length === 0) return [];
    const frames: AssembledFrame[] = [];
    if (this.#payloads.length > 0 && timestamp !== this.#timestamp) frames.push(...this.#finish());
    this.#timestamp = timestamp;
    if (this.awaitsKeyFrame && !this.isGathering && this.wants(packet.payload) === 'no') {
      if (packet.marker) this.framesDropped += 1;
      return frames;
    }
    this.#payloads.push(packet.payload);
    if (packet.marker) frames.push(...this.#finish());
    if (this.#payloads.length > MOST_PACKETS) this.lose();
    return frames;
  }

  /** Packets are lost: what is gathered cannot be finished, and what follows refers to it. */
  lose(): void {
    if (this.#payloads.length > 0 && !this.awaitsKeyFrame) this.framesDropped += 1;
    this.#payloads = [];
    this.awaitsKeyFrame = true;
  }

  #finish(): AssembledFrame[] {
    const payloads = this.#payloads;
    this.#payloads = [];
    const frame = this.#depacketizer.frame(payloads);
    if (!frame || (this.awaitsKeyFrame && !frame.isKey)) {
      // Parameter sets may come as a frame of their own, with nothing to show: no harm while waiting.
      if (!this.awaitsKeyFrame) this.framesDropped += 1;
      this.awaitsKeyFrame = true;
      return [];
    }
    this.awaitsKeyFrame = false;
    return [{ ...frame, timestamp: this.#timestamp! }];
  }
}
