// The start of a broadcast: waits a moment for the second track, for a key frame, and for the first GOP where it may be copied.
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { AudioTrack, Frame, VideoTrack } from '../media.ts';
import { judgeFirstGop } from './passthrough.ts';

/** After its first frame a source has this long to show its other track. */
export const SECOND_TRACK_MS = 1000;
/** Announced video without a key frame: after this the audio goes on alone. */
const KEY_FRAME_MS = 5000;
/** What the observation of the first GOP may hold back. */
const OBSERVE_MS = 2200;
const OBSERVE_BYTES = 4 * 1024 * 1024;

export interface Tracks {
  video: VideoTrack | null;
  audio: AudioTrack | null;
}

export interface Start {
  /** What is really there: a track counts once it has sent a frame. */
  tracks: Tracks;
  /** From the first key frame on, in order. */
  frames: Frame[];
  canCopy: boolean;
  /** Why it may not be copied; null when it may or when nobody asked. */
  copyRefusal: string | null;
}

export class Opening {
  #firstMs: number | null = null;
  #keyMs: number | null = null;
  #hasAudio = false;
  #hasVideo = false;
  #frames: Frame[] = [];
  #bytes = 0;
  readonly #observesFor: LatencyShape | null;

  /** `observesFor`: the shape that a copied source must fit; null when copying is out of the question. */
  constructor({ observesFor }: { observesFor: LatencyShape | null }) {
    this.#observesFor = observesFor;
  }

  /** The next frame, on the media timeline. Answers the start as soon as it can be made. */
  take(frame: Frame, tracks: Tracks, nowMs: number): Start | null {
    this.#firstMs ??= nowMs;
    if (frame.kind === 'audio') this.#hasAudio = true;
    else this.#hasVideo = true;
    if (frame.kind === 'video' && this.#keyMs === null) {
      if (!frame.isKey) return this.tick(tracks, nowMs);
      this.#keyMs = frame.dtsMs;
      this.#frames = this.#frames.filter(({ dtsMs }) => dtsMs >= frame.dtsMs);
    }
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    // Audio that waits for the picture: only its newest second can be of use.
    if (this.#keyMs === null && this.#frames.length > 1) {
      while ((this.#frames[0]?.dtsMs ?? 0) < frame.dtsMs - SECOND_TRACK_MS) this.#frames.shift();
    }
    return this.tick(tracks, nowMs);
  }

  tick(tracks: Tracks, nowMs: number): Start | null {
    if (this.#firstMs === null) return null;
    const waitedMs = nowMs - this.#firstMs;
    const isComplete = this.#hasAudio && this.#keyMs !== null;
    if (!isComplete && waitedMs < SECOND_TRACK_MS) return null;
    if (this.#keyMs === null) {
      const mayComeYet = (tracks.video !== null || this.#hasVideo) && waitedMs < KEY_FRAME_MS;
      if (mayComeYet || !this.#hasAudio || !tracks.audio) return null;
      return this.#start({ video: null, audio: tracks.audio }, { canCopy: false, copyRefusal: null });
    }
    if (!tracks.video) return null;
    const present = { video: tracks.video, audio: this.#hasAudio ? tracks.audio : null };
    if (!this.#observesFor || tracks.video.codec !== 'h264') {
      return this.#start(present, { canCopy: false, copyRefusal: null });
    }
    const verdict = judgeFirstGop(tracks.video, this.#frames, this.#observesFor);
    if (verdict.ok) return this.#start(present, { canCopy: true, copyRefusal: null });
    const spanMs = (this.#frames.at(-1)?.dtsMs ?? 0) - this.#keyMs;
    const isDecided = spanMs > OBSERVE_MS || this.#bytes > OBSERVE_BYTES || this.#keyCount() > 1;
    return isDecided ? this.#start(present, { canCopy: false, copyRefusal: verdict.reason }) : null;
  }

  #keyCount(): number {
    return this.#frames.filter(({ kind, isKey }) => kind === 'video' && isKey).length;
  }

  #start(tracks: Tracks, copy: Pick<Start, 'canCopy' | 'copyRefusal'>): Start {
    const frames = tracks.audio ? this.#frames : this.#frames.filter(({ kind }) => kind === 'video');
    return { tracks, frames, ...copy };
  }
}
