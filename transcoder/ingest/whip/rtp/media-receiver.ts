// The whole receiving side of one session as one pure machine: RTP and RTCP in, source events and RTCP out.
import { buildOpusHead } from '../../../codecs/opus.ts';
import type { Frame, Track, VideoTrack } from '../../../media.ts';
import { createDepacketizer } from '../depacketize/create-depacketizer.ts';
import type { AudioPlan, VideoPlan } from '../sdp/plan.ts';
import { type AudioPacket, AudioStream, OPUS_CLOCK_RATE } from './audio-stream.ts';
import { LayerPicker } from './layer-picker.ts';
import { MediaClock } from './media-clock.ts';
import { isRtcp, parseRtp, type RtpPacket, unwrapRetransmission } from './packet.ts';
import { buildProbe, buildReceiverReport, buildRemb, joined, ntpMiddleOf, parseRtcp, type SenderWord } from './rtcp.ts';
import { VIDEO_CLOCK_RATE, type VideoOutput, VideoStream } from './video-stream.ts';

export type MediaOutput =
  | { type: 'track'; track: Track }
  | { type: 'frame'; frame: Frame }
  /** RTCP for the sender. */
  | { type: 'send'; packet: Uint8Array };

export interface MediaReceiverOptions {
  video: VideoPlan | null;
  audio: AudioPlan | null;
  /** Of our RTCP; any random number. */
  ownSsrc: number;
  /** The most that a sender with bandwidth estimation may send. */
  maxVideoBitsPerSecond: number;
}

const BETWEEN_REPORTS_MS = 1000;
/** A new SSRC takes over when the old one has been silent for this long, or has said goodbye. */
const SILENT_MS = 2000;
const MOST_LAYERS = 4;

export class MediaReceiver {
  readonly #options: MediaReceiverOptions;
  readonly #clock = new MediaClock();
  #layers = new Map<number, VideoStream>();
  #picker: LayerPicker | null;
  #audio: AudioStream | null = null;
  #videoTrack: VideoTrack | null = null;
  #lastHeardMs = new Map<'video' | 'audio', number>();
  #lastReportMs = Number.NEGATIVE_INFINITY;
  #roundTripMs: number | null = null;
  #bytesReceived = 0;
  #framesDroppedBefore = 0;

  constructor(options: MediaReceiverOptions) {
    this.#options = options;
    this.#picker = options.video && options.video.rids.length > 1 ? new LayerPicker(options.video.rids.length) : null;
  }

  /** One datagram, as it came out of SRTP. Whatever is in it: never throws. */
  receive(bytes: Uint8Array, nowMs: number): MediaOutput[] {
    this.#bytesReceived += bytes.length;
    if (isRtcp(bytes)) {
      for (const word of parseRtcp(bytes)) this.#hear(word, nowMs);
      return [];
    }
    const packet = parseRtp(bytes);
    if (!packet) return [];
    const { video, audio } = this.#options;
    if (packet.payloadType === video?.payloadType) return this.#receiveVideo(packet, nowMs);
    if (packet.payloadType === audio?.payloadType) return this.#receiveAudio(packet, nowMs);
    if (video && packet.payloadType === video.rtxPayloadType) return this.#receiveRepeated(packet, video, nowMs);
    return [];
  }

  /** Call every 10 ms or so. */
  tick(nowMs: number): MediaOutput[] {
    const outputs: MediaOutput[] = [];
    for (const [ssrc, stream] of this.#layers) outputs.push(...this.#followVideo(ssrc, stream.tick(nowMs), nowMs));
    if (this.#audio) outputs.push(...this.#followAudio(this.#audio.reception.ssrc, this.#audio.tick(nowMs), nowMs));
    if (nowMs - this.#lastReportMs >= BETWEEN_REPORTS_MS) outputs.push(...this.#report(nowMs));
    return outputs;
  }

  requestKeyFrame(nowMs: number): MediaOutput[] {
    return [...this.#layers].flatMap(([ssrc, stream]) => this.#followVideo(ssrc, stream.requestKeyFrame(nowMs), nowMs));
  }

  stats() {
    const receptions = [...this.#layers.values(), ...(this.#audio ? [this.#audio] : [])].map(
      ({ reception }) => reception,
    );
    return {
      bytesReceived: this.#bytesReceived,
      packetsReceived: receptions.reduce((sum, { received }) => sum + received, 0),
      packetsLost: receptions.reduce((sum, { lost }) => sum + lost, 0),
      roundTripMs: this.#roundTripMs ?? [...this.#layers.values()][0]?.roundTripMs ?? null,
      framesDropped: [...this.#layers.values()].reduce(
        (sum, layer) => sum + layer.framesDropped,
        this.#framesDroppedBefore,
      ),
    };
  }

  /** Packets held or awaited: has a bound. */
  get size(): number {
    return [...this.#layers.values()].reduce((sum, layer) => sum + layer.size, this.#audio?.size ?? 0);
  }

  #receiveVideo(packet: RtpPacket, nowMs: number): MediaOutput[] {
    const stream = this.#layers.get(packet.ssrc) ?? this.#openLayer(packet, nowMs);
    if (!stream) return [];
    this.#picker?.see(packet, this.#options.video!.ridExtension);
    this.#lastHeardMs.set('video', nowMs);
    return this.#followVideo(packet.ssrc, stream.receive(packet, nowMs), nowMs);
  }

  #receiveRepeated(packet: RtpPacket, video: VideoPlan, nowMs: number): MediaOutput[] {
    const ssrc = this.#picker
      ? this.#picker.mediaOf(packet, video.repairedRidExtension)
      : (this.#layers.keys().next().value ?? null);
    const stream = ssrc === null ? undefined : this.#layers.get(ssrc);
    if (ssrc === null || !stream) return [];
    const original = unwrapRetransmission(packet, { ssrc, payloadType: video.payloadType });
    return original ? this.#followVideo(ssrc, stream.receive(original, nowMs, true), nowMs) : [];
  }

  #receiveAudio(packet: RtpPacket, nowMs: number): MediaOutput[] {
    const outputs: MediaOutput[] = [];
    if (this.#audio?.reception.ssrc !== packet.ssrc) {
      if (this.#audio && !this.#isSilent('audio', nowMs)) return [];
      if (this.#audio) this.#clock.forget(this.#audio.reception.ssrc);
      else outputs.push({ type: 'track', track: OPUS_TRACK });
      this.#audio = new AudioStream(packet.ssrc);
      this.#clock.timeOf(packet.ssrc, OPUS_CLOCK_RATE, this.#audio.unwrap(packet.timestamp), nowMs);
    }
    this.#lastHeardMs.set('audio', nowMs);
    return [...outputs, ...this.#followAudio(packet.ssrc, this.#audio.receive(packet, nowMs), nowMs)];
  }

  #openLayer(packet: RtpPacket, nowMs: number): VideoStream | null {
    const { video, ownSsrc } = this.#options;
    if (this.#picker?.isOpen && this.#layers.size < MOST_LAYERS) {
      this.#picker.begin(nowMs);
    } else if (this.#layers.size > 0) {
      if (!this.#isSilent('video', nowMs)) return null;
      for (const [ssrc, layer] of this.#layers) this.#closeLayer(ssrc, layer);
    }
    const depacketizer = createDepacketizer(video!);
    const stream = new VideoStream({
      ssrc: packet.ssrc,
      ownSsrc,
      depacketizer,
      hasRtx: video!.rtxPayloadType !== null,
    });
    this.#layers.set(packet.ssrc, stream);
    this.#clock.timeOf(packet.ssrc, VIDEO_CLOCK_RATE, stream.unwrap(packet.timestamp), nowMs);
    return stream;
  }

  #closeLayer(ssrc: number, layer: VideoStream): void {
    this.#framesDroppedBefore += layer.framesDropped;
    this.#layers.delete(ssrc);
    this.#clock.forget(ssrc);
  }

  #isSilent(kind: 'video' | 'audio', nowMs: number): boolean {
    return nowMs - (this.#lastHeardMs.get(kind) ?? Number.NEGATIVE_INFINITY) >= SILENT_MS;
  }

  #followVideo(ssrc: number, outputs: readonly VideoOutput[], nowMs: number): MediaOutput[] {
    const followed: MediaOutput[] = [];
    for (const output of outputs) {
      if (output.type === 'send') {
        followed.push(output);
      } else if (this.#picker?.isOpen) {
        this.#picker.hold(ssrc, output.frame);
      } else {
        followed.push(...this.#deliver(ssrc, output.frame, nowMs));
      }
    }
    const picked = this.#picker?.isOpen ? this.#picker.pick(nowMs) : null;
    if (picked) {
      for (const [other, layer] of this.#layers) if (other !== picked.ssrc) this.#closeLayer(other, layer);
      followed.push(...picked.frames.flatMap((frame) => this.#deliver(picked.ssrc, frame, nowMs)));
    }
    return followed;
  }

  #deliver(ssrc: number, coded: Extract<VideoOutput, { type: 'frame' }>['frame'], nowMs: number): MediaOutput[] {
    const outputs: MediaOutput[] = [];
    const track = coded.parameters && {
      kind: 'video' as const,
      codec: this.#options.video!.codec,
      ...coded.parameters,
    };
    if (track && !isSameTrack(track, this.#videoTrack)) {
      this.#videoTrack = track;
      outputs.push({ type: 'track', track });
    }
    const ptsMs = this.#clock.timeOf(ssrc, VIDEO_CLOCK_RATE, coded.timestamp, nowMs);
    const { isKey, data } = coded;
    outputs.push({ type: 'frame', frame: { kind: 'video', ptsMs, dtsMs: ptsMs, isKey, data, arrivalMs: nowMs } });
    return outputs;
  }

  #followAudio(ssrc: number, packets: readonly AudioPacket[], nowMs: number): MediaOutput[] {
    return packets.map(({ timestamp, data }) => {
      const ptsMs = this.#clock.timeOf(ssrc, OPUS_CLOCK_RATE, timestamp, nowMs);
      return { type: 'frame', frame: { kind: 'audio', ptsMs, dtsMs: ptsMs, isKey: true, data, arrivalMs: nowMs } };
    });
  }

  #hear(word: SenderWord, nowMs: number): void {
    if (word.type === 'senderReport') {
      const stream = this.#layers.get(word.ssrc) ?? (this.#audio?.reception.ssrc === word.ssrc ? this.#audio : null);
      if (!stream) return;
      stream.reception.hear(word, nowMs);
      this.#clock.report(word.ssrc, stream.unwrap(word.rtpTimestamp), word.ntpMs);
    } else if (word.type === 'probeAnswer') {
      const elapsed = (ntpMiddleOf(nowMs) - word.probeMiddle - word.delay) / 65.536;
      if (elapsed < 0 || elapsed > 10_000) return;
      this.#roundTripMs = this.#roundTripMs === null ? elapsed : this.#roundTripMs + (elapsed - this.#roundTripMs) / 8;
      for (const layer of this.#layers.values()) layer.hearRoundTrip(Math.max(1, this.#roundTripMs));
    } else {
      if (word.ssrcs.some((ssrc) => this.#layers.has(ssrc))) this.#lastHeardMs.delete('video');
      if (this.#audio && word.ssrcs.includes(this.#audio.reception.ssrc)) this.#lastHeardMs.delete('audio');
    }
  }

  #report(nowMs: number): MediaOutput[] {
    const { ownSsrc, maxVideoBitsPerSecond } = this.#options;
    const streams = [...this.#layers.values(), ...(this.#audio ? [this.#audio] : [])];
    const blocks = streams.flatMap(({ reception }) => reception.block(nowMs) ?? []);
    if (blocks.length === 0) return [];
    this.#lastReportMs = nowMs;
    const video = this.#layers.keys().next().value;
    const remb = video === undefined ? [] : [buildRemb(ownSsrc, video, maxVideoBitsPerSecond)];
    return [
      { type: 'send', packet: joined([buildReceiverReport(ownSsrc, blocks), buildProbe(ownSsrc, nowMs), ...remb]) },
    ];
  }
}

const OPUS_TRACK: Track = {
  kind: 'audio',
  codec: 'opus',
  config: buildOpusHead(2),
  sampleRate: OPUS_CLOCK_RATE,
  channels: 2,
};

function isSameTrack(a: VideoTrack, b: VideoTrack | null): boolean {
  if (!b || a.width !== b.width || a.height !== b.height || a.config?.length !== b.config?.length) return false;
  return a.config === null || a.config.every((byte, index) => byte === b.config![index]);
}
