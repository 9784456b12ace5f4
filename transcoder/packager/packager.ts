// The whole way from the encoder's pipes to numbered chunks: a state machine that takes bytes and returns events.
import { segmentSeconds } from '../../src/domain/hls/ladder.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { RenditionInfo } from '../../src/protocol/ingest.ts';
import type { EncoderEvent, EncoderFault, EncoderPlan, PlannedRendition } from '../encoder/events.ts';
import { type Fragment, FragmentReader, type Init } from './fragments.ts';
import { type AudioFrame, audioFragment, audioFramesOf, joinFragment, joinInits } from './mux.ts';
import { AudioParts, type ClosedSegment, type Piece, SegmentBoundaries, Segmenter } from './segmenter.ts';

export type PackagerEvent =
  | Extract<EncoderEvent, { type: 'init' | 'chunk' | 'segment' }>
  | { type: 'fault'; fault: EncoderFault };

type TimedAudio = AudioFrame & Piece;

const AAC_FRAME_SAMPLES = 1024;
const AAC_RATE = 48_000;
/** Video that waits for the audio's init segment; with more, the announced audio is not coming. */
const MAX_HELD_FRAGMENTS = 12;
/** Audio behind the video by this much has stopped. */
const AUDIO_LOST_SECONDS = 2.5;
/** Audio frames that wait for the video they belong to: 30 s, the oldest go first. */
const MAX_AUDIO_FRAMES = 1400;
/** Rounding of clocks that tick in milliseconds. */
const PART_SLACK_SECONDS = 0.0015;

/** One run of one encoder. Numbers start at 0; nothing comes out after a fault. */
export class Packager {
  readonly #plan: EncoderPlan;
  readonly #boundaries: SegmentBoundaries;
  readonly #videos: VideoRendition[];
  readonly #audioOnly: AudioRendition | null;
  readonly #audioReader = new FragmentReader();
  #audioInit: Init | null = null;
  #audioEndSeconds: number | null = null;
  /** How far the source's video has been written: in `source` mode nothing after it is placed, its boundary may not be known. */
  #writtenSeconds = Number.NEGATIVE_INFINITY;
  #waitingAudio: TimedAudio[] = [];

  constructor(plan: EncoderPlan) {
    this.#plan = plan;
    const isCopied = plan.renditions.some((rendition) => rendition.video?.copied);
    this.#boundaries = new SegmentBoundaries(
      isCopied
        ? { kind: 'source', shape: plan.shape }
        : {
            kind: 'grid',
            segmentSeconds: plan.frameRate ? segmentSeconds(plan.frameRate, plan.shape) : AUDIO_SEGMENT_SECONDS,
          },
    );
    const halfFrame = 0.5 / (plan.frameRate ?? 30);
    this.#videos = plan.renditions
      .filter((rendition) => rendition.video)
      .map((rendition) => new VideoRendition(rendition, new Segmenter(this.#boundaries, halfFrame)));
    const audio = plan.renditions.find((rendition) => !rendition.video);
    this.#audioOnly = audio ? new AudioRendition(audio, this.#boundaries, plan) : null;
  }

  /** A video frame of the source goes into the encoder. Called before its media can come out. */
  videoWritten(frame: { ptsMs: number; dtsMs: number; isKey: boolean }): void {
    if (frame.isKey) this.#boundaries.sourceKey(frame.ptsMs / 1000);
    this.#writtenSeconds = frame.dtsMs / 1000;
  }

  /** Bytes from the pipe of a video rendition. Throws for garbage. */
  pushVideo(name: RenditionName, bytes: Uint8Array): PackagerEvent[] {
    const rendition = this.#videos.find((video) => video.planned.name === name);
    if (!rendition) return [];
    const events: PackagerEvent[] = [];
    for (const media of rendition.reader.push(bytes)) {
      if (media.type === 'init') rendition.init = media;
      else if (rendition.held.push(media) > MAX_HELD_FRAGMENTS) return [{ type: 'fault', fault: 'audio_missing' }];
      events.push(...this.#release(rendition));
    }
    return events;
  }

  /** Bytes from the audio pipe. Throws for garbage. */
  pushAudio(bytes: Uint8Array): PackagerEvent[] {
    const events: PackagerEvent[] = [];
    for (const media of this.#audioReader.push(bytes)) {
      if (media.type === 'init') {
        this.#audioInit = media;
        if (this.#audioOnly) events.push(this.#initEvent(this.#audioOnly.planned, media, media.payload, null));
        for (const rendition of this.#videos) events.push(...this.#release(rendition));
      } else this.#takeAudio(media);
    }
    return [...events, ...this.#placeAudio(this.#plan.video ? this.#writtenSeconds : Number.POSITIVE_INFINITY)];
  }

  /** The encoder is done: what waits comes out, and the last segments close. */
  end(): PackagerEvent[] {
    const events = this.#placeAudio(Number.POSITIVE_INFINITY);
    for (const { planned, segmenter } of this.#videos) events.push(...closed(planned.name, segmenter.end()));
    if (this.#audioOnly) events.push(...this.#audioOnly.end());
    return events;
  }

  #takeAudio(fragment: Fragment): void {
    const timescale = fragment.tracks[0]?.track.timescale ?? AAC_RATE;
    for (const frame of audioFramesOf(fragment)) {
      const timed = {
        ...frame,
        startSeconds: frame.startTicks / timescale,
        durationSeconds: frame.durationTicks / timescale,
      };
      this.#audioEndSeconds = timed.startSeconds + timed.durationSeconds;
      if (!this.#plan.video) this.#boundaries.startAt(timed.startSeconds);
      this.#waitingAudio.push(timed);
      if (this.#waitingAudio.length > MAX_AUDIO_FRAMES) this.#waitingAudio.shift();
      for (const rendition of this.#videos) rendition.addAudio(timed);
    }
  }

  #placeAudio(untilSeconds: number): PackagerEvent[] {
    const origin = this.#boundaries.originSeconds;
    if (origin === null) return [];
    const events: PackagerEvent[] = [];
    while (this.#waitingAudio[0] && this.#waitingAudio[0].startSeconds + FRAME_SECONDS <= untilSeconds) {
      const frame = this.#waitingAudio.shift();
      if (frame && this.#audioOnly && frame.startSeconds + FRAME_SECONDS / 2 >= origin)
        events.push(...this.#audioOnly.add(frame));
    }
    return events;
  }

  #release(rendition: VideoRendition): PackagerEvent[] {
    if (!rendition.init || (this.#plan.audio && !this.#audioInit)) return [];
    const events: PackagerEvent[] = [];
    if (!rendition.isAnnounced) {
      rendition.isAnnounced = true;
      const payload = this.#audioInit ? joinInits(rendition.init, this.#audioInit) : rendition.init.payload;
      events.push(this.#initEvent(rendition.planned, rendition.init, payload, this.#audioInit));
    }
    for (const fragment of rendition.held.splice(0)) events.push(...this.#placeVideo(rendition, fragment));
    return events;
  }

  #placeVideo(rendition: VideoRendition, fragment: Fragment): PackagerEvent[] {
    const piece = rendition.pieceOf(fragment);
    const endSeconds = piece.startSeconds + piece.durationSeconds;
    this.#boundaries.startAt(piece.startSeconds);
    const { partTargetSeconds } = this.#plan.shape;
    // PART-TARGET is a cap that players enforce; only a copied source can break it, by leaving its beat.
    if (piece.durationSeconds > partTargetSeconds + PART_SLACK_SECONDS)
      return [{ type: 'fault', fault: 'copy_irregular' }];
    if (this.#audioEndSeconds !== null && endSeconds - this.#audioEndSeconds > AUDIO_LOST_SECONDS) {
      return [{ type: 'fault', fault: 'audio_missing' }];
    }
    const audio = rendition.takeAudio(this.#boundaries.originSeconds ?? 0, endSeconds);
    return numbered(rendition.planned.name, rendition.segmenter, {
      ...piece,
      durationSeconds: Math.min(piece.durationSeconds, partTargetSeconds),
      independent: fragment.tracks[0]?.samples[0]?.isSync ?? false,
      payload: joinFragment(fragment, audio),
    });
  }

  #initEvent(planned: PlannedRendition, own: Init, payload: Uint8Array, audio: Init | null): PackagerEvent {
    const track = own.tracks[0];
    const videoKbps = planned.video?.bitrateKbps ?? 0;
    const audioKbps = planned.audioBitrateKbps ?? 0;
    const info: RenditionInfo = {
      name: planned.name,
      kind: planned.video ? 'video' : 'audio',
      codecs: [track?.codecs, audio?.tracks[0]?.codecs].filter(Boolean).join(','),
      width: planned.video ? (track?.width ?? planned.video.width) : null,
      height: planned.video ? (track?.height ?? planned.video.height) : null,
      frameRate: planned.video ? this.#plan.frameRate : null,
      bandwidth: Math.round(1000 * (videoKbps * PEAK_FACTOR + audioKbps * AUDIO_PEAK_FACTOR)),
      averageBandwidth: Math.round(1000 * (videoKbps + audioKbps) * BOXES_FACTOR),
      isSource: planned.video?.copied ?? false,
    };
    return { type: 'init', rendition: planned.name, info, payload };
  }
}

const AUDIO_SEGMENT_SECONDS = 2;
const FRAME_SECONDS = AAC_FRAME_SAMPLES / AAC_RATE;
/** The encoder may spend a second's bits at once (bufsize), which shows in one of two GOPs; audio is nearly constant. */
const PEAK_FACTOR = 1.4;
const AUDIO_PEAK_FACTOR = 1.1;
const BOXES_FACTOR = 1.03;

class VideoRendition {
  readonly planned: PlannedRendition;
  readonly segmenter: Segmenter;
  readonly reader = new FragmentReader();
  /** Fragments that wait for the audio's init segment. */
  readonly held: Fragment[] = [];
  init: Init | null = null;
  isAnnounced = false;
  #audio: TimedAudio[] = [];
  #delayTicks = 0;

  constructor(planned: PlannedRendition, segmenter: Segmenter) {
    this.planned = planned;
    this.segmenter = segmenter;
  }

  /**
   * Decode times plus the delay that B-frames need, taken from the key frame before: the same instants in copied and
   * encoded renditions.
   */
  pieceOf(fragment: Fragment): Piece {
    const media = fragment.tracks[0];
    const first = media?.samples[0];
    if (!media || !first) return { startSeconds: 0, durationSeconds: 0 };
    if (first.isSync) this.#delayTicks = first.offsetTicks;
    const ticks = media.samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
    const { timescale } = media.track;
    return { startSeconds: (media.startTicks + this.#delayTicks) / timescale, durationSeconds: ticks / timescale };
  }

  addAudio(frame: TimedAudio): void {
    this.#audio.push(frame);
    if (this.#audio.length > MAX_AUDIO_FRAMES) this.#audio.shift();
  }

  /** What is there and begins before `untilSeconds`; audio trails the video by some frames, which come with the next part. */
  takeAudio(fromSeconds: number, untilSeconds: number): TimedAudio[] {
    const next = this.#audio.findIndex((frame) => frame.startSeconds >= untilSeconds);
    const taken = this.#audio.splice(0, next < 0 ? this.#audio.length : next);
    return taken.filter((frame) => frame.startSeconds + frame.durationSeconds > fromSeconds);
  }
}

class AudioRendition {
  readonly planned: PlannedRendition;
  readonly #segmenter: Segmenter;
  readonly #parts: AudioParts<TimedAudio>;
  #sequence = 0;

  constructor(planned: PlannedRendition, boundaries: SegmentBoundaries, plan: EncoderPlan) {
    this.planned = planned;
    this.#segmenter = new Segmenter(boundaries, FRAME_SECONDS / 2);
    this.#parts = new AudioParts(boundaries, plan.shape, FRAME_SECONDS);
  }

  add(frame: TimedAudio): PackagerEvent[] {
    return this.#emit(this.#parts.push(frame));
  }

  end(): PackagerEvent[] {
    return [...this.#emit(this.#parts.end()), ...closed(this.planned.name, this.#segmenter.end())];
  }

  #emit(frames: TimedAudio[] | null): PackagerEvent[] {
    const first = frames?.[0];
    if (!frames || !first) return [];
    this.#sequence += 1;
    return numbered(this.planned.name, this.#segmenter, {
      startSeconds: first.startSeconds,
      durationSeconds: frames.reduce((sum, frame) => sum + frame.durationSeconds, 0),
      independent: true,
      payload: audioFragment(frames, this.#sequence),
    });
  }
}

interface Chunk extends Piece {
  independent: boolean;
  payload: Uint8Array;
}

function numbered(rendition: RenditionName, segmenter: Segmenter, chunk: Chunk): PackagerEvent[] {
  const { segment, part, closedBefore, closes } = segmenter.place(chunk);
  return [
    ...closed(rendition, closedBefore),
    { type: 'chunk', rendition, segment, part, chunk: 0, endsPart: true, ...chunk },
    ...closed(rendition, closes),
  ];
}

const closed = (rendition: RenditionName, whole: ClosedSegment | null): PackagerEvent[] =>
  whole ? [{ type: 'segment', rendition, ...whole }] : [];
