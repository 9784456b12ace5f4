// What each socket is sent of the frames that were gathered: all of them, or under flood what the rule chooses.
import type { Guest } from '../../src/domain/chat/guest.ts';
import { chosen } from '../../src/domain/chat/showing.ts';
import type { LoggedFrame } from './log.ts';

/** As much of a seat as it takes. */
interface Reading {
  guest: Guest | null;
  /** The newest event that was told there. */
  seq: number;
}

/** What each seat is sent of these frames, serialised once for all who are sent the same. */
export function programOf(
  frames: readonly LoggedFrame[],
  atMost: number,
): (seat: Reading, isNewToAll: boolean) => string | null {
  const showing =
    frames.length > atMost
      ? chosen(
          frames.map(({ frame }) => JSON.parse(frame)),
          atMost,
        )
      : null;
  const shown = showing ? frames.filter(({ seq }) => showing.toAll.has(seq)) : frames;
  const whole = shown.length > 0 ? serialised(shown) : null;
  return ({ guest, seq: toldSeq }, isNewToAll) => {
    const own = guest && showing?.alsoTo(guest);
    if (isNewToAll && !own) return whole;
    const theirs = own ? frames.filter(({ seq }) => showing?.toAll.has(seq) || own.includes(seq)) : shown;
    const fresh = isNewToAll ? theirs : theirs.filter(({ seq }) => seq > toldSeq);
    return fresh.length > 0 ? serialised(fresh) : null;
  };
}

/** Frames as one: what was serialised once is joined, not serialised again. */
export const serialised = (frames: readonly LoggedFrame[]): string =>
  frames.length === 1 ? frames[0]!.frame : `{"kind":"batch","events":[${frames.map(({ frame }) => frame).join(',')}]}`;
