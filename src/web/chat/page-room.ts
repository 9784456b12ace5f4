// The room of one page: one socket for the chat and for what is counted, and one look at the picture for both. Opened with `openPageRoom`, ended with `close`.
import { effect, signal } from '@preact/signals';
import type { ReactionName } from '../../protocol/chat/reaction-words.ts';
import type { Risen } from '../reactions/due-counts.ts';
import { NO_TAPS, taken, tapped } from '../reactions/tap-batch.ts';
import { spoilerChoice } from './chat-preferences.ts';
import type { Ask } from './replay-plan.ts';
import { openRoom } from './room-door.ts';
import { type PictureReading, RoomViewer } from './room-viewer.ts';

export interface PageRoom extends ReturnType<typeof openPageRoom> {}

/** The picture beside the room. */
export interface Picture {
  read(): PictureReading;
  /** Unix ms at the edge. */
  nowMs(): number;
}

interface PagePlace {
  streamId: string;
  channelId: string;
  pass(): string | null;
  /** Null: the room stands alone. */
  picture: Picture | null;
}

const LOOK_EVERY_MS = 200;

export function openPageRoom({ streamId, channelId, pass, picture }: PagePlace) {
  const nowMs = () => picture?.nowMs() ?? Date.now();
  const viewer = new RoomViewer(nowMs());
  const shown = signal(viewer.shown);
  const listeners = new Set<(risen: Risen) => void>();
  let batch = NO_TAPS;

  const door = openRoom({ streamId, pass, onFrame: (frame) => viewer.hear(frame, nowMs()) });
  const playingMs = (): number | null => picture?.read().playingMs ?? null;

  const look = () => {
    const reading = picture?.read() ?? null;
    const choice = spoilerChoice.value;
    const seen = viewer.look({ state: door.state.value, picture: reading, nowMs: nowMs(), choice });
    shown.value = seen.shown;
    if (Object.keys(seen.risen).length > 0) for (const listener of listeners) listener(seen.risen);
    if (seen.ask) void fetchPast(seen.ask);
  };

  const fetchPast = async (ask: Ask) => {
    await door.api.during(ask).then(
      (page) => viewer.took(ask, page),
      () => viewer.failed(ask, nowMs()),
    );
  };

  const sendTaps = () => {
    if (door.state.peek().link.kind !== 'open') return;
    const next = taken(batch, Date.now());
    if (!next) return;
    batch = next.batch;
    const seenMs = playingMs();
    door.react(next.counts, seenMs === null ? null : Math.round(seenMs));
  };

  const stopLooking = effect(look);
  const timer = setInterval(() => {
    look();
    sendTaps();
  }, LOOK_EVERY_MS);

  return {
    streamId,
    channelId,
    door,
    /** What this viewer may see now. */
    shown,
    hasPicture: picture !== null,
    /** Programme time of what this viewer sees, Unix ms; null: nothing. */
    playingMs,
    tap(kind: ReactionName) {
      batch = tapped(batch, kind);
      sendTaps();
    },
    /** While the picture is of the past: the room as it was then, or as it is now. */
    wish(wish: 'step' | 'live') {
      viewer.wish(wish);
      look();
    },
    /** Hears what may rise now; the answer ends it. */
    onRisen(listener: (risen: Risen) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      stopLooking();
      clearInterval(timer);
      listeners.clear();
      door.close();
    },
  };
}
