// Turns the media messages of one publisher into tracks and frames.
import { parseAudioSpecificConfig } from '../../codecs/aac.ts';
import { parseMp3Header } from '../../codecs/mp3.ts';
import { OPUS_SAMPLE_RATE, parseOpusHead } from '../../codecs/opus.ts';
import type { AudioTrack, SourceEvent } from '../../media.ts';
import { type AmfValue, readAmf0 } from './amf0.ts';
import { sameBytes } from './bytes.ts';
import { type FlvAudioCodec, readFlvAudio } from './flv-audio.ts';
import { type FlvVideoCodec, readFlvVideo } from './flv-video.ts';
import { MESSAGE, type RtmpMessage } from './messages.ts';
import { TimestampUnwrapper } from './timestamps.ts';
import { normalizeFrame, readVideoFormat, sizeOfKeyFrame, type VideoFormat } from './video-track.ts';

export type DemuxerEvent =
  | Exclude<SourceEvent, { type: 'ended' }>
  /** The encoder sends what cannot be transcoded; the reason is for the person at the encoder. */
  | { type: 'unsupported'; reason: string };

export class Demuxer {
  /** Frames that could not be used: damaged, or before their configuration. */
  framesDropped = 0;
  readonly #clock = new TimestampUnwrapper();
  #video: VideoFormat | null = null;
  #videoConfig: Uint8Array | null = null;
  #audio: AudioTrack | null = null;
  /** Said in onMetaData; used when the codec does not say. */
  #announcedFrameRate: number | null = null;

  receive({ type, timestamp, payload }: RtmpMessage, arrivalMs: number): DemuxerEvent[] {
    switch (type) {
      case MESSAGE.video:
        return this.#receiveVideo(payload, this.#clock.unwrap(timestamp), arrivalMs);
      case MESSAGE.audio:
        return this.#receiveAudio(payload, this.#clock.unwrap(timestamp), arrivalMs);
      case MESSAGE.dataAmf0:
        return this.#receiveData(payload);
      case MESSAGE.dataAmf3:
        return this.#receiveData(payload.subarray(1));
      default:
        return [];
    }
  }

  #receiveVideo(payload: Uint8Array, dtsMs: number, arrivalMs: number): DemuxerEvent[] {
    const video = readFlvVideo(payload);
    switch (video.type) {
      case 'nothing':
        return [];
      case 'unsupported':
        return [unsupported(video.codec, 'Choose H.264 (or HEVC or AV1, with enhanced RTMP)')];
      case 'config':
        return this.#configureVideo(video.codec, video.data);
      case 'frame': {
        const format = this.#video;
        const data = format?.track.codec === video.codec ? normalizeFrame(format, video.data) : null;
        if (!format || !data) return this.#drop();
        const tracks = video.isKey ? this.#resize(format, video.codec, data) : [];
        if (this.#video!.track.width === 0) return this.#drop();
        const ptsMs = dtsMs + video.compositionMs;
        return [
          ...tracks,
          { type: 'frame', frame: { kind: 'video', ptsMs, dtsMs, isKey: video.isKey, data, arrivalMs } },
        ];
      }
    }
  }

  #configureVideo(codec: FlvVideoCodec, config: Uint8Array): DemuxerEvent[] {
    // An empty configuration is how some encoders end a sequence.
    if (config.length === 0) return [];
    const isSame = this.#video?.track.codec === codec && this.#videoConfig && sameBytes(this.#videoConfig, config);
    if (isSame) return [];
    const format = readVideoFormat(codec, config);
    if (!format) return [unsupported(`${codec} video with parameters that cannot be read`, 'Restart the encoder')];
    format.track.frameRate ??= this.#announcedFrameRate;
    this.#video = format;
    this.#videoConfig = config;
    return format.track.width > 0 ? [{ type: 'track', track: format.track }] : [];
  }

  /** Codecs that tell their size in key frames may change it there. */
  #resize(format: VideoFormat, codec: FlvVideoCodec, data: Uint8Array): DemuxerEvent[] {
    const size = sizeOfKeyFrame(codec, data);
    if (!size || (size.width === format.track.width && size.height === format.track.height)) return [];
    const track = { ...format.track, width: size.width, height: size.height };
    this.#video = { ...format, track };
    return [{ type: 'track', track }];
  }

  #receiveAudio(payload: Uint8Array, ptsMs: number, arrivalMs: number): DemuxerEvent[] {
    const audio = readFlvAudio(payload);
    switch (audio.type) {
      case 'nothing':
        return [];
      case 'unsupported':
        return [unsupported(audio.codec, 'Choose AAC (or Opus, with enhanced RTMP)')];
      case 'config':
        return this.#configureAudio(audio.codec, audio.data);
      case 'frame': {
        if (audio.data.length === 0) return [];
        const tracks = audio.codec === 'mp3' ? this.#configureMp3(audio.data) : [];
        if (this.#audio?.codec !== audio.codec) return this.#drop();
        const frame = { kind: 'audio' as const, ptsMs, dtsMs: ptsMs, isKey: true, data: audio.data, arrivalMs };
        return [...tracks, { type: 'frame', frame }];
      }
    }
  }

  #configureAudio(codec: FlvAudioCodec, config: Uint8Array): DemuxerEvent[] {
    if (config.length === 0 || codec === 'mp3') return [];
    const known = this.#audio;
    if (known?.codec === codec && known.config && sameBytes(known.config, config)) return [];
    const track = readAudioTrack(codec, config);
    if (!track) return [unsupported(`${codec} audio with parameters that cannot be read`, 'Restart the encoder')];
    this.#audio = track;
    return [{ type: 'track', track }];
  }

  /** MP3 has no configuration: each frame tells its rate. */
  #configureMp3(data: Uint8Array): DemuxerEvent[] {
    const header = parseMp3Header(data);
    const known = this.#audio;
    if (!header) return [];
    if (known?.codec === 'mp3' && known.sampleRate === header.sampleRate && known.channels === header.channels)
      return [];
    this.#audio = { kind: 'audio', codec: 'mp3', config: null, ...header };
    return [{ type: 'track', track: this.#audio }];
  }

  /** Metadata is a courtesy of the encoder: what cannot be read is passed over. */
  #receiveData(payload: Uint8Array): DemuxerEvent[] {
    const amf = readAmf0(payload);
    if (!amf.ok) return [];
    const [handler, ...rest] = amf.values;
    const [name, metadata] = handler === '@setDataFrame' ? rest : amf.values;
    if (name === 'onMetaData' && metadata instanceof Map) {
      this.#announcedFrameRate = soundFrameRate(metadata.get('framerate') ?? metadata.get('videoframerate'));
    }
    return [];
  }

  #drop(): DemuxerEvent[] {
    this.framesDropped += 1;
    return [];
  }
}

function readAudioTrack(codec: 'aac' | 'opus', config: Uint8Array): AudioTrack | null {
  if (codec === 'opus') {
    const head = parseOpusHead(config);
    return head && { kind: 'audio', codec, config, sampleRate: OPUS_SAMPLE_RATE, channels: head.channels };
  }
  const aac = parseAudioSpecificConfig(config);
  return aac && { kind: 'audio', codec, config, sampleRate: aac.sampleRate, channels: aac.channels };
}

const soundFrameRate = (value: AmfValue): number | null =>
  typeof value === 'number' && value >= 1 && value <= 300 ? value : null;

const unsupported = (codec: string, remedy: string): DemuxerEvent => ({
  type: 'unsupported',
  reason: `The encoder sends ${codec}, which cannot be transcoded here. ${remedy} in the encoder and start again.`,
});
