// Answers readers from the timeline, and holds those whose answer is still to come.
import { placeOfPart } from '../../src/domain/hls/media-place.ts';
import { mediaPlaylistAnswer } from '../../src/domain/hls/playlist-answer.ts';
import type { Timeline } from '../../src/domain/hls/timeline.ts';
import type { MediaAnswer, PlaylistAnswer, Refusal } from '../../src/protocol/origin.ts';
import type { Recorder } from './recorder.ts';
import type { Shelf } from './shelf.ts';
import { Waiters } from './waiters.ts';

/** Held requests of one stream. Readers are coalesced before they come here, so more is a flood: 503. */
const MAX_WAITING = 1000;
/** Playlists of this instant; beyond, all are forgotten and written again. */
const MAX_WRITTEN = 1000;

interface Surroundings {
  timeline: Timeline;
  recorder: Recorder;
  shelf: Shelf;
  ended(): boolean;
  /** Media that readers have seen is being sent again: nobody is answered from what is there meanwhile. */
  isRecovering(): boolean;
}

export class Readers {
  private readonly around: Surroundings;
  private readonly waiters = new Waiters();
  private readonly written = new Map<string, { version: number; answer: PlaylistAnswer }>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  wake(rendition: string): void {
    this.waiters.wake(rendition);
  }

  wakeAll(): void {
    this.waiters.wakeAll();
  }

  playlist(rendition: string, query: Record<string, string>): Promise<PlaylistAnswer> {
    return this.hold(rendition, () => this.playlistNow(rendition, query));
  }

  segment(rendition: string, generation: number, msn: number): MediaAnswer {
    const { timeline, shelf, recorder } = this.around;
    const listed = timeline.track(rendition)?.segment(msn);
    const segment = listed?.generation === generation ? listed : shelf.segment(rendition, generation, msn);
    if (segment && !segment.isGap) return recorder.read(segment, 0, segment.byteLength);
    return absent(`There is no segment ${msn} of ${rendition} in generation ${generation}.`);
  }

  part(rendition: string, generation: number, msn: number, part: number): Promise<MediaAnswer> {
    const { timeline, shelf, recorder, ended } = this.around;
    return this.hold(rendition, () => {
      const place = placeOfPart(timeline, { rendition, generation, msn, part });
      if (place.type === 'known') return recorder.read(place.segment, place.part.offset, place.part.byteLength);
      if (place.type === 'coming' && !ended()) return null;
      const segment = shelf.segment(rendition, generation, msn);
      const found = segment?.isGap ? undefined : segment?.parts[part];
      if (segment && found) return recorder.read(segment, found.offset, found.byteLength);
      return absent(`There is no part ${part} of segment ${msn} of ${rendition} in generation ${generation}.`);
    });
  }

  private async hold<Answer extends PlaylistAnswer | MediaAnswer>(
    place: string,
    find: () => Answer | null,
  ): Promise<Answer | Refusal> {
    const look = () => (this.around.isRecovering() ? null : find());
    const first = look();
    if (first) return first;
    if (this.waiters.size >= MAX_WAITING) return TOO_MANY;
    // "... blocked for longer than three times the Target Duration, the server SHOULD return 503" (6.2.5.2).
    const limitMs = 3 * this.around.timeline.shape.targetDurationSeconds * 1000;
    return (await this.waiters.hold(place, look, limitMs)) ?? TOO_LONG;
  }

  /** Equal playlists of one instant are written once. */
  private playlistNow(rendition: string, query: Record<string, string>): PlaylistAnswer | null {
    const { timeline, ended } = this.around;
    const { _HLS_msn = '', _HLS_part = '', _HLS_skip = '' } = query;
    const place = [rendition, _HLS_msn, _HLS_part, _HLS_skip].join('/');
    const known = this.written.get(place);
    if (known?.version === timeline.version) return known.answer;
    const answer = mediaPlaylistAnswer(timeline, { rendition, query, ended: ended() });
    if (!answer?.ok) return answer;
    if (this.written.size >= MAX_WRITTEN) this.written.clear();
    this.written.set(place, { version: timeline.version, answer });
    return answer;
  }
}

const absent = (detail: string): MediaAnswer => ({ ok: false, code: 'not_found', detail });

const TOO_MANY: Refusal = {
  ok: false,
  code: 'too_many_waiting',
  detail: 'Too many requests wait for this stream. Try again in a second.',
  retryAfterSeconds: 1,
};

const TOO_LONG: Refusal = {
  ok: false,
  code: 'blocked_too_long',
  detail: 'The media that was asked for did not come in time: the encoder may be away. Ask again.',
  retryAfterSeconds: 1,
};
