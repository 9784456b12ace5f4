// Answers for playlists: what a request gets now, or null while it has to be held.
import type { PlaylistAnswer } from '../../protocol/origin.ts';
import { judge, parseDirectives } from './delivery-directives.ts';
import { type Skip, writeMediaPlaylist } from './media-playlist.ts';
import { writeMultivariantPlaylist } from './multivariant-playlist.ts';
import { edgeOf, mediaSnapshot, variants } from './snapshot.ts';
import type { Timeline } from './timeline.ts';
import type { Track } from './track.ts';

export const NOT_LIVE: PlaylistAnswer & { ok: false } = {
  ok: false,
  code: 'stream_not_live',
  detail: 'The stream has no media yet. Its encoder has not begun to send; ask again when its state is live.',
};

export function multivariantAnswer(timeline: Timeline, ended: boolean): PlaylistAnswer {
  if (timeline.renditions.length === 0) return NOT_LIVE;
  const isEmpty = ended && timeline.renditions.every(({ name }) => (timeline.track(name)?.segments.length ?? 0) === 0);
  return isEmpty ? NOT_LIVE : { ok: true, body: writeMultivariantPlaylist(variants(timeline)), settled: ended };
}

/** `query` holds the directives as they came. */
export function mediaPlaylistAnswer(
  timeline: Timeline,
  { rendition, query, ended }: { rendition: string; query: Record<string, string>; ended: boolean },
): PlaylistAnswer | null {
  if (timeline.renditions.length === 0) return NOT_LIVE;
  const track = timeline.track(rendition);
  if (!track)
    return {
      ok: false,
      code: 'not_found',
      detail: `There is no rendition ${rendition}. Read the multivariant playlist again.`,
    };
  if (!timeline.isMade(rendition))
    return {
      ok: false,
      code: 'rendition_gone',
      detail: `${rendition} is no longer made. Read the multivariant playlist again.`,
    };
  // "Once EXT-X-ENDLIST stands, the server MUST ignore all delivery directives" (6.2.5).
  if (ended) return track.segments.length === 0 ? NOT_LIVE : answer(timeline, track, { ended, settled: true });
  const parsed = parseDirectives(query);
  if (!parsed.ok) return { ok: false, code: 'invalid_request', detail: parsed.detail };
  const { directives } = parsed;
  const verdict = judge(directives, edgeOf(track), timeline.shape);
  switch (verdict.type) {
    case 'hold':
      return null;
    case 'refuse':
      return { ok: false, code: 'invalid_request', detail: verdict.detail };
    case 'answer':
      return answer(timeline, track, {
        ended,
        settled: verdict.isNewest,
        ...(directives.skip ? { skip: directives.skip } : {}),
      });
    default:
      return verdict satisfies never;
  }
}

const answer = (
  timeline: Timeline,
  track: Track,
  { ended, settled, skip }: { ended: boolean; settled: boolean; skip?: Skip },
): PlaylistAnswer => ({ ok: true, body: writeMediaPlaylist(mediaSnapshot(timeline, track, ended), skip), settled });
