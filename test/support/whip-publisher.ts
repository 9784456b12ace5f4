// A WHIP encoder for tests, made like OBS: libdatachannel, an offer without candidates, POST then DELETE, lost packets sent again.
import datachannel, { type PeerConnection, type Track } from 'node-datachannel';
import type { VideoTrack } from '../../transcoder/media.ts';
import { type LossyRelay, startLossyRelay, type Weather } from './lossy-relay.ts';
import { type Clip, loopFrames, makeClip } from './media-source.ts';
import { h264Payloads, hasPli, nackedIn, rtcpIn, vp8Payloads, writeRtp, writeSenderReport } from './rtp-packetizer.ts';

/** What a WHIP endpoint does, whatever carries it. */
export interface Signal {
  /** Sends the offer; resolves with the answer. */
  offer(sdp: string): Promise<string>;
  /** Ends the session; resolves with the HTTP status. */
  remove(): Promise<number>;
}

export interface WhipPublisherOptions {
  signal: Signal;
  /** H.264 or VP8 with Opus; repeated for as long as it runs. */
  clip?: Clip;
  weather?: Weather;
  /** Some encoders send reports late or never. */
  reports?: { video: boolean; audio: boolean };
  /** How much later than the video the audio packets leave, while their reports tell the truth. */
  audioLagMs?: number;
  firstSequence?: number;
  maxSeconds?: number;
}

export const VIDEO_PAYLOAD_TYPE = 96;
export const AUDIO_PAYLOAD_TYPE = 111;

/** By HTTP, as every encoder does it. */
export function httpSignal(url: string, token: string): Signal {
  let location = '';
  const authorization = `Bearer ${token}`;
  return {
    offer: async (sdp) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/sdp' },
        body: sdp,
      });
      const text = await response.text();
      if (response.status !== 201) throw new Error(`WHIP answered ${response.status}: ${text.slice(0, 500)}`);
      location = new URL(response.headers.get('location') ?? '', url).href;
      return text;
    },
    remove: async () => (await fetch(location, { method: 'DELETE', headers: { authorization } })).status,
  };
}

export class WhipPublisher {
  readonly counts = { sent: 0, resent: 0, nacked: 0, plis: 0, reports: 0 };
  readonly #options: WhipPublisherOptions;
  readonly #clip: Clip;
  readonly #peer: PeerConnection;
  readonly #video: Track | null;
  readonly #audio: Track | null;
  readonly #videoSsrc = 1_000_001;
  readonly #audioSsrc = 1_000_000;
  #relay: LossyRelay | null = null;
  #sent = new Map<number, Buffer>();
  #videoSequence: number;
  #audioSequence = 100;
  #timer: NodeJS.Timeout | null = null;

  /** Resolves when the first packets may be sent. */
  static async start(options: WhipPublisherOptions): Promise<WhipPublisher> {
    const publisher = new WhipPublisher(options);
    try {
      await publisher.#connect();
    } catch (error) {
      publisher.kill();
      throw error;
    }
    return publisher;
  }

  private constructor(options: WhipPublisherOptions) {
    this.#options = options;
    this.#clip = options.clip ?? makeClip({ audio: 'opus', gopSeconds: 1 });
    this.#videoSequence = options.firstSequence ?? 0;
    this.#peer = new datachannel.PeerConnection('publisher', { iceServers: [], disableAutoNegotiation: true });
    this.#audio = this.#clip.audio ? this.#peer.addTrack(audioSection(this.#audioSsrc)) : null;
    this.#video = this.#clip.video ? this.#peer.addTrack(videoSection(this.#clip.video, this.#videoSsrc)) : null;
    this.#video?.onMessage((packet) => this.#hear(packet));
  }

  get lost(): number {
    return this.#relay?.lost.upstream ?? 0;
  }

  /** As OBS stops: the connection closes, then DELETE. Resolves with its status. */
  async stop(): Promise<number> {
    this.kill();
    return this.#options.signal.remove();
  }

  /** Gone without a word. */
  kill(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#peer.close();
    this.#relay?.close();
  }

  /** Still connected, but nothing is sent any more. */
  fallSilent(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async #connect(): Promise<void> {
    const connected = new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('the WHIP publisher did not connect within 10 s')), 10_000);
      this.#peer.onStateChange((state) => {
        if (state !== 'connected') return;
        clearTimeout(limit);
        resolve();
      });
    });
    connected.catch(() => undefined);
    this.#peer.setLocalDescription('offer');
    const offer = this.#peer.localDescription()?.sdp ?? '';
    const answer = await this.#options.signal.offer(withoutCandidates(offer));
    this.#peer.setRemoteDescription(await this.#through(answer), 'answer');
    await connected;
    this.#play();
  }

  /** With weather: the answer's first candidate is reached through the relay, and nothing else. */
  async #through(answer: string): Promise<string> {
    if (!this.#options.weather) return answer;
    const lines = answer.split('\r\n');
    const fields = lines.find((line) => / UDP .* typ host/i.test(line))?.split(' ') ?? [];
    this.#relay = await startLossyRelay({ address: fields[4] ?? '', port: Number(fields[5]) }, this.#options.weather);
    fields[4] = '127.0.0.1';
    fields[5] = String(this.#relay.port);
    let isFirst = true;
    return lines
      .flatMap((line) => {
        if (!line.startsWith('a=candidate:')) return [line];
        const kept = isFirst ? [fields.join(' ')] : [];
        isFirst = false;
        return kept;
      })
      .join('\r\n');
  }

  #play(): void {
    const frames = loopFrames(this.#clip, this.#options.maxSeconds ?? 600);
    const { audioLagMs = 0, reports = { video: true, audio: true } } = this.#options;
    const beganMs = Date.now();
    const queue = frames
      .map((frame) => ({ frame, dueMs: frame.dtsMs + (frame.kind === 'audio' ? audioLagMs : 0) }))
      .sort((a, b) => a.dueMs - b.dueMs);
    let next = 0;
    let reportDueMs = 0;
    this.#timer = setInterval(() => {
      const atMs = Date.now() - beganMs;
      while (next < queue.length && queue[next]!.dueMs <= atMs) {
        const { frame } = queue[next]!;
        next += 1;
        if (frame.kind === 'audio') this.#sendAudio(frame.data, frame.ptsMs);
        else this.#sendVideo(frame);
      }
      if (atMs < reportDueMs) return;
      reportDueMs = atMs + 500;
      if (reports.video)
        deliver(this.#video, writeSenderReport(this.#videoSsrc, beganMs + atMs, atMs * 90 + VIDEO_ORIGIN));
      if (reports.audio)
        deliver(this.#audio, writeSenderReport(this.#audioSsrc, beganMs + atMs, atMs * 48 + AUDIO_ORIGIN));
    }, 5);
  }

  #sendVideo(frame: Clip['frames'][number]): void {
    const payloads = this.#clip.video?.codec === 'vp8' ? vp8Payloads(frame) : h264Payloads(frame, this.#clip.video);
    payloads.forEach((payload, index) => {
      const sequence = this.#videoSequence & 0xffff;
      this.#videoSequence += 1;
      const marker = index === payloads.length - 1;
      const timestamp = Math.round(frame.ptsMs * 90) + VIDEO_ORIGIN;
      const packet = writeRtp({
        ssrc: this.#videoSsrc,
        payloadType: VIDEO_PAYLOAD_TYPE,
        sequence,
        timestamp,
        marker,
        payload,
      });
      this.#sent.set(sequence, packet);
      if (this.#sent.size > 4000) this.#sent.delete(this.#sent.keys().next().value!);
      this.counts.sent += 1;
      deliver(this.#video, packet);
    });
  }

  #sendAudio(payload: Uint8Array, ptsMs: number): void {
    const sequence = this.#audioSequence & 0xffff;
    this.#audioSequence += 1;
    const timestamp = Math.round(ptsMs * 48) + AUDIO_ORIGIN;
    const fields = {
      ssrc: this.#audioSsrc,
      payloadType: AUDIO_PAYLOAD_TYPE,
      sequence,
      timestamp,
      marker: false,
      payload,
    };
    deliver(this.#audio, writeRtp(fields));
  }

  #hear(packet: Buffer): void {
    if (hasPli(packet)) this.counts.plis += 1;
    if (rtcpIn(packet).some(({ type }) => type === 201)) this.counts.reports += 1;
    for (const sequence of nackedIn(packet)) {
      this.counts.nacked += 1;
      const again = this.#sent.get(sequence);
      if (!again) continue;
      this.counts.resent += 1;
      deliver(this.#video, again);
    }
  }
}

/** Timestamps begin anywhere; these wrap within the first seconds. */
const VIDEO_ORIGIN = 2 ** 32 - 90_000;
const AUDIO_ORIGIN = 2 ** 32 - 48_000;

function audioSection(ssrc: number) {
  const section = new datachannel.Audio('0', 'SendOnly');
  section.addOpusCodec(AUDIO_PAYLOAD_TYPE);
  section.addSSRC(ssrc, 'publisher', 'stream', 'stream-audio');
  return section;
}

function videoSection({ codec }: VideoTrack, ssrc: number) {
  const section = new datachannel.Video('1', 'SendOnly');
  if (codec === 'vp8') section.addVP8Codec(VIDEO_PAYLOAD_TYPE);
  else section.addH264Codec(VIDEO_PAYLOAD_TYPE);
  section.addSSRC(ssrc, 'publisher', 'stream', 'stream-video');
  return section;
}

const withoutCandidates = (sdp: string): string =>
  sdp
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate') && !line.startsWith('a=end-of-candidates'))
    .join('\r\n');

function deliver(track: Track | null, packet: Buffer): void {
  try {
    if (track?.isOpen()) track.sendMessageBinary(packet);
  } catch {
    // Closed a moment ago.
  }
}
