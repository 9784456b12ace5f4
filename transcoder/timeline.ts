// One media timeline per session: rewrites the source's clock to it, through gaps and jumps, and ties it to the wall clock.
import type { Frame } from './media.ts';

/** Media time of the first frame: nothing (B-frames, AAC priming) may ever come out negative. */
export const MEDIA_BASE_MS = 10_000;
/** A larger step forward is no pause but another clock (a constant-rate encoder would fill hours with copies). */
const MAX_GAP_MS = 10_000;
/** Millisecond rounding and reordered packets; a larger step back is another clock. */
const MAX_NUDGE_MS = 100;
const NUDGE_MS = 0.1;
/** How much earlier than the first frame the other track may begin. */
const EARLY_MS = 1000;
/** How long the arrival of frames may still improve the wall anchor. */
const ANCHOR_MS = 1000;
/** The clocks of encoders gain or lose up to half a second an hour. After its start the anchor follows the earliest arrival of each such window. */
const DRIFT_WINDOW_MS = 10_000;
/** Back: what arrived earlier was captured earlier, there is no doubt. In ms per ms, too little for a player to notice. */
const SLEW_BACK = 0.001;
/** Forward: a clock that is slow looks like a network that has become slower, so only as fast as clocks drift. */
const SLEW_FORWARD = 0.0002;

export type TimelineDecision =
  /** The frame with its times on the media timeline. `gapMs`: how far it is after everything before it. */
  | { type: 'pass'; frame: Frame; gapMs: number }
  /** The clock has jumped: the frame continues the timeline at its wall time; what follows cannot join what came before. */
  | { type: 'discontinuity'; frame: Frame; jumpMs: number }
  | { type: 'drop' };

export class Timeline {
  #sourceOffsetMs: number | null = null;
  /** wall = media + this; after ANCHOR_MS or its first use it never steps any more, it only follows drift. */
  #wallOffsetMs = 0;
  #anchorUntilMs = 0;
  #isFrozen = false;
  #drift: { windowSinceMs: number; earliestMs: number; wantedMs: number; atMs: number } | null = null;
  #endMs = MEDIA_BASE_MS;
  /** What a track that begins has to stay after. */
  readonly #floorMs = { video: MEDIA_BASE_MS - EARLY_MS, audio: MEDIA_BASE_MS - EARLY_MS };
  /** Newest decode time per track, on the media timeline. */
  readonly #last: { video: number | null; audio: number | null } = { video: null, audio: null };

  /** Place the next frame. Decisions come in the order of the frames. */
  place(frame: Frame): TimelineDecision {
    if (!Number.isFinite(frame.ptsMs) || !Number.isFinite(frame.dtsMs)) return { type: 'drop' };
    if (this.#sourceOffsetMs === null) {
      this.#sourceOffsetMs = MEDIA_BASE_MS - frame.dtsMs;
      this.#wallOffsetMs = frame.arrivalMs - (frame.ptsMs + this.#sourceOffsetMs);
      this.#anchorUntilMs = frame.arrivalMs + ANCHOR_MS;
      return this.#pass(frame, 0);
    }
    const last = this.#last[frame.kind];
    // A track that begins now is measured against the other one: both share the source's clock.
    const step = frame.dtsMs + this.#sourceOffsetMs - (last ?? this.#endMs);
    if (step > MAX_GAP_MS || (last === null ? step < -MAX_GAP_MS : step < -MAX_NUDGE_MS))
      return this.#jump(frame, step);
    // A track that begins, or begins anew after a jump, has nothing before the timeline's start or its own past.
    if (last === null && frame.dtsMs + this.#sourceOffsetMs <= this.#floorMs[frame.kind]) return { type: 'drop' };
    return this.#pass(frame, Math.max(0, frame.dtsMs + this.#sourceOffsetMs - this.#endMs));
  }

  /** Capture time of a moment on the media timeline, Unix ms. The first call fixes the anchor. */
  wallTimeMs(mediaMs: number): number {
    this.#isFrozen = true;
    return mediaMs + this.#wallOffsetMs;
  }

  /** How far audio is ahead of video, by the newest frame of each; null without both. */
  audioVideoSkewMs(): number | null {
    const { video, audio } = this.#last;
    return video === null || audio === null ? null : audio - video;
  }

  /** Wall-anchored, so that time spent away is time on the timeline too; never before what was already placed. */
  #jump(frame: Frame, jumpMs: number): TimelineDecision {
    const resumeMs = Math.max(this.#endMs + 1, frame.arrivalMs - this.#wallOffsetMs);
    this.#isFrozen = true;
    this.#drift = null;
    this.#sourceOffsetMs = resumeMs - frame.dtsMs;
    for (const kind of ['video', 'audio'] as const) {
      this.#floorMs[kind] = this.#last[kind] ?? this.#floorMs[kind];
      this.#last[kind] = null;
    }
    this.#endMs = resumeMs;
    const placed = this.#pass(frame, 0);
    return { type: 'discontinuity', frame: placed.frame, jumpMs };
  }

  #pass(frame: Frame, gapMs: number): { type: 'pass'; frame: Frame; gapMs: number } {
    const offset = this.#sourceOffsetMs ?? 0;
    const last = this.#last[frame.kind];
    const dtsMs = Math.max(frame.dtsMs + offset, last === null ? 0 : last + NUDGE_MS);
    // RTP tells no decode time: B-frames over WHIP have a pts before the dts they are given here, and keep it.
    const ptsMs = frame.kind === 'audio' ? dtsMs : frame.ptsMs + offset;
    this.#last[frame.kind] = dtsMs;
    this.#endMs = Math.max(this.#endMs, dtsMs);
    this.#improveAnchor(frame, ptsMs);
    return { type: 'pass', frame: { ...frame, ptsMs, dtsMs }, gapMs };
  }

  /** A frame can arrive late but never before it was captured: the smallest offset seen is the truest. */
  #improveAnchor(frame: Frame, ptsMs: number): void {
    const offsetMs = frame.arrivalMs - ptsMs;
    if (this.#isFrozen) this.#followDrift(frame.arrivalMs, offsetMs);
    else if (frame.arrivalMs > this.#anchorUntilMs) this.#isFrozen = true;
    else this.#wallOffsetMs = Math.min(this.#wallOffsetMs, offsetMs);
  }

  #followDrift(nowMs: number, offsetMs: number): void {
    const start = { windowSinceMs: nowMs, earliestMs: offsetMs, wantedMs: this.#wallOffsetMs, atMs: nowMs };
    this.#drift ??= start;
    const drift = this.#drift;
    if (nowMs - drift.windowSinceMs >= DRIFT_WINDOW_MS) this.#drift = { ...start, wantedMs: drift.earliestMs };
    else drift.earliestMs = Math.min(drift.earliestMs, offsetMs);
    const elapsedMs = Math.min(1000, Math.max(0, nowMs - drift.atMs));
    this.#drift.atMs = nowMs;
    const awayMs = this.#drift.wantedMs - this.#wallOffsetMs;
    this.#wallOffsetMs += Math.min(elapsedMs * SLEW_FORWARD, Math.max(-elapsedMs * SLEW_BACK, awayMs));
  }
}
