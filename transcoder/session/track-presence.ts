// Which tracks a broadcast has at this moment: announced, sending, lost, and back again. Pure.
import type { Frame, Track } from '../media.ts';
import type { Tracks } from './opening.ts';

/** A track that is silent this long while the other flows is planned without: muxing would wait for it. */
const TRACK_LOST_MS = 3000;
/** After a fault of the sound it stays out this long, each time longer: it would come back at once, and fail again. */
const AUDIO_REST_MS = 5000;

/** `in-band`: other parameters of the same codec. `other`: another codec, or sound that is set up differently. */
export type TrackChange = 'none' | 'in-band' | 'other';

export class TrackPresence {
  #announced: Tracks = { video: null, audio: null };
  #present: Tracks = { video: null, audio: null };
  readonly #lastArrivalMs = { video: 0, audio: 0 };
  #audioFaults = 0;
  #audioBackAtMs = 0;

  /** What the source has told of. */
  get announced(): Tracks {
    return this.#announced;
  }

  /** What is encoded: it sends, too. */
  get present(): Tracks {
    return this.#present;
  }

  /** The broadcast starts with these. */
  adopt(tracks: Tracks): void {
    this.#present = tracks;
  }

  /** A track and its parameters; what changed for those that are encoded. */
  announce(track: Track): TrackChange {
    const before = this.#announced[track.kind];
    this.#announced = { ...this.#announced, [track.kind]: track };
    if (!before || this.#present[track.kind] === null || isSameTrack(before, track)) return 'none';
    this.#present = { ...this.#present, [track.kind]: track };
    return track.kind === 'video' && before.codec === track.codec ? 'in-band' : 'other';
  }

  /** Notes a frame; true when its track joins with it. */
  arrived(frame: Frame, nowMs: number): boolean {
    this.#lastArrivalMs[frame.kind] = nowMs;
    const track = this.#announced[frame.kind];
    if (this.#present[frame.kind] !== null || !track) return false;
    if (frame.kind === 'video' ? !frame.isKey : nowMs < this.#audioBackAtMs) return false;
    this.#present = { ...this.#present, [track.kind]: track };
    return true;
  }

  /** The track that has stopped while the other flows; it is left out from now on. */
  dropSilent(): 'video' | 'audio' | null {
    const { video, audio } = this.#lastArrivalMs;
    if (!this.#present.video || !this.#present.audio || Math.abs(video - audio) < TRACK_LOST_MS) return null;
    const lost = video < audio ? 'video' : 'audio';
    this.#present = { ...this.#present, [lost]: null };
    return lost;
  }

  /** The sound comes but cannot be used. */
  rejectAudio(nowMs: number): void {
    this.#audioFaults += 1;
    this.#audioBackAtMs = nowMs + AUDIO_REST_MS * this.#audioFaults;
    this.#present = { ...this.#present, audio: null };
  }
}

function isSameTrack(one: Track, other: Track): boolean {
  if (one.kind !== other.kind || one.codec !== other.codec) return false;
  const [a, b] = [one.config, other.config];
  return a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, index) => byte === b[index]));
}
