// Which of its faces a watch page shows, from what the edge says and what the picture does.
import type { WatchState } from '../../protocol/live.ts';

export type WatchPhase =
  | { kind: 'loading' }
  | { kind: 'missing'; isSignedIn: boolean }
  | { kind: 'password'; problem: EntryProblem | null }
  | { kind: 'offline' }
  | { kind: 'scheduled'; startsInMs: number }
  | { kind: 'waiting' }
  | { kind: 'starting' }
  | { kind: 'live' }
  | { kind: 'interrupted' }
  /** It has ended, and its last seconds are still to be seen. */
  | { kind: 'playing_out' }
  | { kind: 'ended' };

/** What stands between the viewer and the stream; `open`: nothing that is known. */
export type Entry =
  | { kind: 'open' }
  | { kind: 'asking' }
  | { kind: 'in' }
  | { kind: 'password'; problem: EntryProblem | null }
  | { kind: 'refused' };
export type EntryProblem = 'wrong' | 'too_often' | 'unreachable';

export interface PhaseFacts {
  entry: Entry;
  /** Somebody is signed in here. */
  isSignedIn: boolean;
  /** The newest answer; null before the first. */
  watch: WatchState | null;
  /** The edge says that this id does not exist. */
  isMissing: boolean;
  /** The first frame of this stream has been shown. */
  hasPicture: boolean;
  /** The playhead moved within the last second or so, or the viewer paused. */
  isMoving: boolean;
  /** Edge time. */
  nowMs: number;
}

export function watchPhase({
  watch,
  isMissing,
  hasPicture,
  isMoving,
  nowMs,
  entry,
  isSignedIn,
}: PhaseFacts): WatchPhase {
  if (entry.kind === 'password') return entry;
  // A private stream is there only for who is let in: neither the knock nor the first look after it is over yet.
  if (isMissing) return entry.kind === 'refused' ? { kind: 'missing', isSignedIn } : { kind: 'loading' };
  // The picture is the best witness: it may be there before the first answer about the stream.
  if (watch === null) return hasPicture ? { kind: 'live' } : { kind: 'loading' };
  const stream = watch.stream;
  if (stream === null) return { kind: 'offline' };
  switch (stream.state) {
    case 'waiting': {
      if (hasPicture && isMoving) return { kind: 'live' };
      const startsInMs = stream.scheduledAt === null ? 0 : Date.parse(stream.scheduledAt) - nowMs;
      return startsInMs > 0 ? { kind: 'scheduled', startsInMs } : { kind: 'waiting' };
    }
    case 'live':
      if (!hasPicture) return { kind: 'starting' };
      return isMoving ? { kind: 'live' } : { kind: 'interrupted' };
    case 'interrupted':
      // What is buffered plays out first; the overlay comes when the picture stands.
      return hasPicture && isMoving ? { kind: 'live' } : { kind: 'interrupted' };
    case 'ended':
      return { kind: hasPicture && isMoving ? 'playing_out' : 'ended' };
    default:
      return assertNever(stream.state);
  }
}

function assertNever(value: never): never {
  throw new Error(`A stream state that this page does not know: ${String(value)}. Reload to get the newest page.`);
}
