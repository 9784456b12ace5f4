// A source that a test plays by hand, frame by frame, on its own clock.
import type { IngestProtocol } from '../../src/protocol/ingest.ts';
import type { AudioTrack, Frame, Source, SourceEvent, SourceStats, VideoTrack } from '../../transcoder/media.ts';

export const VIDEO: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  config: Uint8Array.of(1, 66, 0, 31, 255, 225, 0, 4, 0x67, 66, 0, 31, 1, 0, 2, 0x68, 1),
  width: 640,
  height: 360,
  frameRate: 30,
};
export const AUDIO: AudioTrack = {
  kind: 'audio',
  codec: 'aac',
  config: Uint8Array.of(0x11, 0x90),
  sampleRate: 48_000,
  channels: 2,
};

export class FakeSource implements Source {
  readonly protocol: IngestProtocol;
  readonly remoteAddress = '192.0.2.1';
  stoppedWith: string | null = null;
  keyFramesAsked = 0;
  counters: SourceStats = {
    bytesReceived: 0,
    packetsLost: null,
    packetsReceived: null,
    roundTripMs: null,
    framesDropped: 0,
  };
  #onEvent: ((event: SourceEvent) => void) | null = null;
  #hasEnded = false;

  constructor(protocol: IngestProtocol = 'rtmp') {
    this.protocol = protocol;
  }

  start(onEvent: (event: SourceEvent) => void): void {
    this.#onEvent = onEvent;
  }

  stop(reason: string): void {
    this.stoppedWith ??= reason;
    this.emit({ type: 'ended', clean: true, reason });
  }

  requestKeyFrame(): void {
    this.keyFramesAsked += 1;
  }

  stats(): SourceStats {
    return this.counters;
  }

  emit(event: SourceEvent): void {
    if (this.#hasEnded) return;
    if (event.type === 'ended') this.#hasEnded = true;
    this.#onEvent?.(event);
  }
}

export const videoFrame = (ms: number, arrivalMs: number, isKey = false, bytes = 1000): Frame => ({
  kind: 'video',
  ptsMs: ms,
  dtsMs: ms,
  isKey,
  data: new Uint8Array(bytes),
  arrivalMs,
});

export const audioFrame = (ms: number, arrivalMs: number, bytes = 200): Frame => ({
  kind: 'audio',
  ptsMs: ms,
  dtsMs: ms,
  isKey: true,
  data: new Uint8Array(bytes),
  arrivalMs,
});
