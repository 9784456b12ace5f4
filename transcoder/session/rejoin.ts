// Feeds a GOP to a new encoder so that its output begins where the old one's ended, instead of playing a piece twice.
import type { Frame } from '../media.ts';

/** Frames that viewers have already seen are pressed together this much: decoded, but almost no time on screen. */
const SQUEEZE = 100;

/**
 * For an encoder that follows on output which ended at `endMs` (media time) and is fed from a key frame at `startMs`: the key
 * frame lands exactly on the end, the rest of the seen pictures within a few ms of it, and everything newer keeps its true
 * time. The mapping never falls, so the order of frames holds. null: leave it out, the audio was heard already.
 */
export function rejoin({ startMs, endMs }: { startMs: number; endMs: number }): (frame: Frame) => Frame | null {
  if (startMs >= endMs) return (frame) => frame;
  const place = (ms: number): number => Math.max(ms, endMs + (ms - startMs) / SQUEEZE);
  return (frame) => {
    if (frame.kind === 'audio' && frame.dtsMs < endMs) return null;
    return { ...frame, ptsMs: place(frame.ptsMs), dtsMs: place(frame.dtsMs) };
  };
}
