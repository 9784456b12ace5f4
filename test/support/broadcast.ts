// A broadcast without media: makes the frames that a publisher would send, with bytes that tell where they belong.
import { RenditionName } from '../../src/protocol/ids.ts';
import type { PublishFrame, RenditionInfo } from '../../src/protocol/ingest.ts';
import { LATENCY_SHAPES, type LatencyProfile, type LatencyShape } from '../../src/protocol/latency.ts';

export interface SentFrame {
  frame: PublishFrame;
  payload: Uint8Array;
}

export const videoInfo = (name: string, height: number, bandwidth = height * 4000): RenditionInfo => ({
  name: RenditionName.parse(name),
  kind: 'video',
  codecs: 'avc1.64001f,mp4a.40.2',
  width: Math.round((height * 16) / 9 / 2) * 2,
  height,
  frameRate: 30,
  bandwidth,
  averageBandwidth: Math.round(bandwidth * 0.8),
  isSource: false,
});

export const audioInfo = (name = 'audio'): RenditionInfo => ({
  name: RenditionName.parse(name),
  kind: 'audio',
  codecs: 'mp4a.40.2',
  width: null,
  height: null,
  frameRate: null,
  bandwidth: 140_000,
  averageBandwidth: 128_000,
  isSource: false,
});

export const bytesOf = (text: string, length = 64): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(text).subarray(0, length));
  return bytes;
};

/** Keeps the numbers of one session. */
export class Broadcast {
  readonly shape: LatencyShape;
  readonly infos: RenditionInfo[];
  readonly startMs: number;
  generation: number;
  firstMsn: number;
  seq = 0;

  constructor({
    latency = 'low' as LatencyProfile,
    infos = [videoInfo('720p', 720), videoInfo('480p', 480), audioInfo()],
    generation = 1,
    firstMsn = 0,
    startMs = Date.UTC(2026, 0, 1),
  } = {}) {
    this.shape = LATENCY_SHAPES[latency];
    this.infos = infos;
    this.generation = generation;
    this.firstMsn = firstMsn;
    this.startMs = startMs;
  }

  get partsPerSegment(): number {
    return this.shape.partsPerGop * this.shape.gopsPerSegment;
  }

  get partSeconds(): number {
    return 1 / this.shape.partsPerGop;
  }

  /** `begin` and the init segments. */
  opening(): SentFrame[] {
    const { generation, firstMsn, infos: renditions } = this;
    return [
      this.sent({ type: 'begin', seq: this.next(), generation, firstMsn, renditions }),
      ...renditions.map(({ name }) =>
        this.sent(
          { type: 'init', seq: this.next(), generation, rendition: name },
          bytesOf(`init ${name} g${generation}`),
        ),
      ),
    ];
  }

  part(
    rendition: string,
    msn: number,
    part: number,
    payload = bytesOf(`${rendition} g${this.generation} ${msn}.${part}`),
  ): SentFrame {
    const segmentSeconds = this.partsPerSegment * this.partSeconds;
    return this.sent(
      {
        type: 'chunk',
        seq: this.next(),
        generation: this.generation,
        rendition: RenditionName.parse(rendition),
        msn,
        part,
        chunk: 0,
        endsPart: true,
        durationSeconds: this.partSeconds,
        independent: part % this.shape.partsPerGop === 0 || rendition === 'audio',
        ...(part === 0 ? { programDateTimeMs: this.startMs + msn * segmentSeconds * 1000 } : {}),
      },
      payload,
    );
  }

  segmentEnd(rendition: string, msn: number, parts = this.partsPerSegment): SentFrame {
    const { generation } = this;
    return this.sent({
      type: 'segment',
      seq: this.next(),
      generation,
      rendition: RenditionName.parse(rendition),
      msn,
      parts,
    });
  }

  /** One segment of every rendition, part by part as an encoder makes them. */
  segment(msn: number, parts = this.partsPerSegment): SentFrame[] {
    const frames: SentFrame[] = [];
    for (let part = 0; part < parts; part += 1)
      for (const { name } of this.infos) frames.push(this.part(name, msn, part));
    return [...frames, ...this.infos.map(({ name }) => this.segmentEnd(name, msn, parts))];
  }

  next(): number {
    this.seq += 1;
    return this.seq;
  }

  private sent(frame: PublishFrame, payload: Uint8Array = new Uint8Array(0)): SentFrame {
    return { frame, payload };
  }
}
