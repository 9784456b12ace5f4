// What each socket is sent of the frames that were gathered: all of them, or under flood what the rule chooses.
import type { Guest } from '../../src/domain/chat/guest.ts';
import { chosen } from '../../src/domain/chat/showing.ts';
import { isFor, type LoggedFrame } from './log-schema.ts';

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
  const common = frames.filter((frame) => isFor(frame, null));
  const showing =
    common.length > atMost
      ? chosen(
          common.map(({ frame }) => JSON.parse(frame)),
          atMost,
        )
      : null;
  const shown = showing ? common.filter(({ seq }) => showing.toAll.has(seq)) : common;
  const whole = shown.length > 0 ? serialised(shown) : null;
  const concerned = new Set(frames.flatMap(({ onlyFor, notFor }) => onlyFor ?? notFor ?? []));
  return ({ guest, seq: toldSeq }, isNewToAll) => {
    const own = guest && showing?.alsoTo(guest);
    if (isNewToAll && !own && !(guest && concerned.has(guest.id))) return whole;
    const isShown = ({ seq, onlyFor }: LoggedFrame) =>
      onlyFor || !showing || showing.toAll.has(seq) || own?.includes(seq);
    const fresh = frames.filter(
      (frame) => (isNewToAll || frame.seq > toldSeq) && isFor(frame, guest?.id ?? null) && isShown(frame),
    );
    return fresh.length > 0 ? serialised(fresh) : null;
  };
}

/** Frames as one: what was serialised once is joined, not serialised again. */
export const serialised = (frames: readonly LoggedFrame[]): string =>
  frames.length === 1 ? frames[0]!.frame : `{"kind":"batch","events":[${frames.map(({ frame }) => frame).join(',')}]}`;
