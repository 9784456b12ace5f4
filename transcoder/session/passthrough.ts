// May the source's own pictures be the top rendition? Decided from its first GOP, watched for as long as it is copied.
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { Frame, VideoTrack } from '../media.ts';

/** A copied GOP is a whole segment at most: 2 s, and a little for jitter in its timestamps. */
export const MAX_COPIED_GOP_MS = 2050;

export type PassthroughVerdict = { ok: true } | { ok: false; reason: string };

/** `gop`: the source from its first key frame up to and including the second one. */
export function judgeFirstGop(track: VideoTrack, gop: readonly Frame[], shape: LatencyShape): PassthroughVerdict {
  if (track.codec !== 'h264') return { ok: false, reason: `${track.codec} is not what every player can show` };
  const pictures = gop.filter(({ kind }) => kind === 'video');
  const keys = pictures.filter(({ isKey }) => isKey);
  const first = keys[0];
  const second = keys[1];
  if (!first || !second) return { ok: false, reason: 'no second key frame came in time' };
  const gopMs = second.dtsMs - first.dtsMs;
  if (gopMs > MAX_COPIED_GOP_MS) return { ok: false, reason: `key frames are ${Math.round(gopMs)} ms apart` };
  // A shorter GOP would make parts that are shorter than a part may be.
  const partMs = shape.partTargetSeconds * 1000;
  if (gopMs < partMs) return { ok: false, reason: `key frames are only ${Math.round(gopMs)} ms apart` };
  for (let index = 1; index < pictures.length; index += 1) {
    const stepMs = (pictures[index]?.dtsMs ?? 0) - (pictures[index - 1]?.dtsMs ?? 0);
    if (stepMs > partMs / 2) return { ok: false, reason: `pictures are up to ${Math.round(stepMs)} ms apart` };
  }
  return { ok: true };
}

/** `gap`: the next key frame may begin a new copy. `unfit`: the source is no longer what may be copied. */
export type CopyTrouble = { type: 'gap' | 'unfit'; reason: string };

/** Watches a copied source. */
export class CopyWatch {
  #lastKeyMs: number | null = null;
  #lastMs: number | null = null;
  readonly #partMs: number;

  constructor(shape: LatencyShape) {
    this.#partMs = shape.partTargetSeconds * 1000;
  }

  check(frame: Frame): CopyTrouble | null {
    if (frame.kind !== 'video') return null;
    const stepMs = frame.dtsMs - (this.#lastMs ?? frame.dtsMs);
    const sinceKeyMs = frame.dtsMs - (this.#lastKeyMs ?? frame.dtsMs);
    this.#lastMs = frame.dtsMs;
    if (frame.isKey) this.#lastKeyMs = frame.dtsMs;
    // A picture that lasts longer than a part would make that part longer than PART-TARGET, which is a hard cap.
    if (stepMs > this.#partMs) return { type: 'gap', reason: `a gap of ${Math.round(stepMs)} ms in the pictures` };
    if (sinceKeyMs > MAX_COPIED_GOP_MS)
      return { type: 'unfit', reason: `no key frame for ${Math.round(sinceKeyMs)} ms` };
    return null;
  }
}
