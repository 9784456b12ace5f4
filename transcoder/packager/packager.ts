// The whole way from source frames and the encoder's pipes to numbered chunks: a state machine, input in, events out.
import { segmentSeconds } from '../../src/domain/hls/frame-grid.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { EncoderEvent, EncoderFault, EncoderPlan } from '../encoder/events.ts';
import type { Frame } from '../media.ts';
import { AudioRendition, FRAME_SECONDS, type TimedAudio } from './audio-rendition.ts';
import { type Fragment, FragmentReader, type Init } from './fragments.ts';
import { joinInits, samplesOf } from './mux.ts';
import { renditionInfo } from './rendition-info.ts';
import { type ClosedSegment, type Piece, SegmentBoundaries, type Segmenter } from './segmenter.ts';
import { VideoRendition } from './video-rendition.ts';

export type PackagerEvent =
  | Extract<EncoderEvent, { type: 'init' | 'chunk' | 'segment' }>
  | { type: 'fault'; fault: EncoderFault };

/** A source whose audio is behind its video by this much sends none any more. */
const AUDIO_LOST_SECONDS = 2.5;
/** Nothing was written for so long (under overload, up to a key frame): the audio begins anew with the video. */
const HOLE_SECONDS = 1;
/** Video that waits for the encoder's first word about the audio; with more, the audio cannot be decoded. */
const MAX_HELD_SECONDS = 8;
/** Audio frames that wait for the video they belong to: 30 s, the oldest go first. */
const MAX_WAITING_AUDIO = 1400;
const AUDIO_ONLY_SEGMENT_SECONDS = 2;

/** One run of one encoder. Numbers start at 0; after a fault only `end` may be called. */
export class Packager {
  readonly #plan: EncoderPlan;
  readonly #boundaries: SegmentBoundaries;
  readonly #videos: VideoRendition[];
  readonly #audioOnly: AudioRendition | null;
  readonly #audioReader = new FragmentReader();
  #audioInit: Init | null = null;
  /** How far the source's video went in: beside a copy, audio after it is not placed yet, a segment might begin before it. */
  #writtenSeconds = Number.NEGATIVE_INFINITY;
  /** How far its audio went in; at the start, and after a hole, where the video began. */
  #audioWrittenSeconds = Number.NEGATIVE_INFINITY;
  #videoEndSeconds = Number.NEGATIVE_INFINITY;
  #waitingAudio: TimedAudio[] = [];

  constructor(plan: EncoderPlan) {
    this.#plan = plan;
    const isCopied = plan.renditions.some((rendition) => rendition.video?.copied);
    const gridSeconds = plan.frameRate ? segmentSeconds(plan.frameRate, plan.shape) : AUDIO_ONLY_SEGMENT_SECONDS;
    this.#boundaries = new SegmentBoundaries(
      isCopied ? { kind: 'source', shape: plan.shape } : { kind: 'grid', segmentSeconds: gridSeconds },
    );
    this.#videos = plan.renditions
      .filter((rendition) => rendition.video)
      .map((rendition) => new VideoRendition(rendition, plan, this.#boundaries));
    const audio = plan.renditions.find((rendition) => !rendition.video);
    this.#audioOnly = audio ? new AudioRendition(audio, this.#boundaries, plan.shape) : null;
  }

  /** A frame of the source, before it goes into the encoder. */
  pushSource(frame: Frame): PackagerEvent[] {
    const seconds = frame.dtsMs / 1000;
    const beginsAnew = frame.kind === 'video' && seconds - this.#writtenSeconds > HOLE_SECONDS;
    if (frame.kind === 'audio' || beginsAnew) this.#audioWrittenSeconds = seconds;
    if (frame.kind === 'audio') return [];
    if (this.#plan.audio && seconds - this.#audioWrittenSeconds > AUDIO_LOST_SECONDS) return [AUDIO_MISSING];
    if (frame.isKey) this.#boundaries.sourceKey(frame.ptsMs / 1000);
    this.#writtenSeconds = seconds;
    return this.#videos.flatMap((rendition) => {
      rendition.takeSource(frame);
      return this.#release(rendition);
    });
  }

  /** Bytes from the pipe of an encoded rendition. Throws for garbage. */
  pushVideo(name: RenditionName, bytes: Uint8Array): PackagerEvent[] {
    const rendition = this.#videos.find((video) => video.planned.name === name);
    if (!rendition) return [];
    rendition.takeBytes(bytes);
    return this.#release(rendition);
  }

  /** Bytes from the audio pipe. Throws for garbage. */
  pushAudio(bytes: Uint8Array): PackagerEvent[] {
    const events: PackagerEvent[] = [];
    for (const media of this.#audioReader.push(bytes)) {
      if (media.type === 'fragment') this.#takeAudio(media);
      else events.push(...this.#announceAudio(media));
    }
    return [...events, ...this.#placeAudio(this.#plan.video ? this.#writtenSeconds : Number.POSITIVE_INFINITY)];
  }

  /** The encoder is done: what waits comes out, and the last segments close. Audio beyond the last picture is left out. */
  end(): PackagerEvent[] {
    const events: PackagerEvent[] = [];
    for (const rendition of this.#videos) {
      rendition.finish();
      events.push(...this.#release(rendition), ...closed(rendition.planned.name, rendition.segmenter.end()));
    }
    const audioOnly = this.#audioOnly;
    if (!audioOnly) return events;
    events.push(...this.#placeAudio(this.#plan.video ? this.#videoEndSeconds : Number.POSITIVE_INFINITY));
    const last = audioOnly.finish();
    if (last) events.push(...numbered(audioOnly.planned.name, audioOnly.segmenter, last));
    return [...events, ...closed(audioOnly.planned.name, audioOnly.segmenter.end())];
  }

  #announceAudio(init: Init): PackagerEvent[] {
    this.#audioInit = init;
    const events: PackagerEvent[] = [];
    if (this.#audioOnly) {
      const { planned } = this.#audioOnly;
      const info = renditionInfo({ planned, own: init, audio: null, frameRate: null });
      events.push({ type: 'init', rendition: planned.name, info, payload: init.payload });
    }
    return [...events, ...this.#videos.flatMap((rendition) => this.#release(rendition))];
  }

  #takeAudio(fragment: Fragment): void {
    for (const media of fragment.tracks) {
      const { timescale } = media.track;
      let startTicks = media.startTicks;
      for (const sample of samplesOf(fragment, media)) {
        const timed = {
          ...sample,
          startTicks,
          startSeconds: startTicks / timescale,
          durationSeconds: sample.durationTicks / timescale,
        };
        startTicks += sample.durationTicks;
        if (!this.#plan.video) this.#boundaries.startAt(timed.startSeconds);
        this.#waitingAudio.push(timed);
        if (this.#waitingAudio.length > MAX_WAITING_AUDIO) this.#waitingAudio.shift();
        for (const rendition of this.#videos) rendition.addAudio(timed);
      }
    }
  }

  #placeAudio(untilSeconds: number): PackagerEvent[] {
    const origin = this.#boundaries.originSeconds;
    const audioOnly = this.#audioOnly;
    if (origin === null || !audioOnly) return [];
    const events: PackagerEvent[] = [];
    for (
      let next = this.#waitingAudio[0];
      next && next.startSeconds + FRAME_SECONDS / 2 <= untilSeconds;
      next = this.#waitingAudio[0]
    ) {
      this.#waitingAudio.shift();
      if (next.startSeconds + FRAME_SECONDS / 2 < origin) continue;
      const part = audioOnly.take(next);
      if (part) events.push(...numbered(audioOnly.planned.name, audioOnly.segmenter, part));
    }
    return events;
  }

  /** What a video rendition has ready; nothing before the audio's init segment is known, which its own one includes. */
  #release(rendition: VideoRendition): PackagerEvent[] {
    const { planned, init } = rendition;
    if (!init) return [];
    if (this.#plan.audio && !this.#audioInit) return rendition.heldSeconds > MAX_HELD_SECONDS ? [AUDIO_MISSING] : [];
    const events: PackagerEvent[] = [];
    if (!rendition.isAnnounced) {
      rendition.isAnnounced = true;
      const payload = this.#audioInit ? joinInits(init, this.#audioInit) : init.payload;
      const info = renditionInfo({ planned, own: init, audio: this.#audioInit, frameRate: this.#plan.frameRate });
      events.push({ type: 'init', rendition: planned.name, info, payload });
    }
    for (let part = rendition.nextPart(); part; part = rendition.nextPart()) {
      this.#videoEndSeconds = Math.max(this.#videoEndSeconds, part.startSeconds + part.durationSeconds);
      if (part.isTooLong) return [...events, { type: 'fault', fault: 'copy_irregular' }];
      const { isTooLong: _, ...chunk } = part;
      events.push(...numbered(planned.name, rendition.segmenter, chunk));
    }
    return events;
  }
}

const AUDIO_MISSING = { type: 'fault', fault: 'audio_missing' } as const;

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
