// The room of a page: open while the page shows it, and opened anew when somebody else sits here.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { session } from '../session.ts';
import { spoilerChoice } from './chat-preferences.ts';
import { showDue } from './due.ts';
import { readPictureClock, shownUntilMs, startPictureClock } from './picture-clock.ts';
import { openRoom, type RoomDoor } from './room-door.ts';
import type { Line } from './state.ts';

/** What the page knows of the picture beside the room. */
export interface Picture {
  /** Programme time of what is on the screen, Unix ms; null: unknown. */
  playingMs(): number | null;
  /** Unix ms at the edge. */
  nowMs(): number;
  isLive(): boolean;
}

/** `userId`: undefined while it is not known who sits here; the room is opened after that. */
export function useRoom(streamId: string, pass: () => string | null): RoomDoor | null {
  const userId = session.value === undefined ? undefined : (session.value?.user?.id ?? null);
  const [door, setDoor] = useState<RoomDoor | null>(null);
  useEffect(() => {
    if (userId === undefined) return;
    const opened = openRoom({ streamId, pass });
    setDoor(opened);
    return () => opened.close();
  }, [streamId, pass, userId]);
  return door;
}

const LOOK_EVERY_MS = 200;

export interface Shown {
  lines: readonly Line[];
  /** Lines that wait for this viewer's picture. */
  waiting: number;
  isLocked: boolean;
  /** Up to this programme time things may be shown. */
  untilMs: number;
}

/** The lines that are due by this viewer's own picture; without one all of them. */
export function useShown(door: RoomDoor, picture: Picture | null): Shown {
  const { lines, you } = door.state.value;
  const choice = spoilerChoice.value;
  const youId = you?.id ?? null;
  const [, draw] = useState(0);
  const memory = useMemo(() => ({ clock: startPictureClock(picture?.nowMs() ?? 0), lines: [] as Line[] }), [door]);

  const look = (): Shown => {
    let untilMs = Number.POSITIVE_INFINITY;
    if (picture) {
      const nowMs = picture.nowMs();
      const reading = { readingMs: picture.playingMs(), nowMs, isLive: picture.isLive(), choice };
      memory.clock = readPictureClock(memory.clock, reading);
      untilMs = shownUntilMs(memory.clock, nowMs);
    }
    memory.lines = showDue(memory.lines, lines, { untilMs, youId });
    return {
      lines: memory.lines,
      waiting: lines.length - memory.lines.length,
      isLocked: memory.clock.isLocked,
      untilMs,
    };
  };
  const shown = look();
  useEffect(() => {
    if (!picture) return;
    const timer = setInterval(() => {
      const next = look();
      if (next.waiting !== shown.waiting || next.isLocked !== shown.isLocked) draw((count) => count + 1);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  });
  return shown;
}
