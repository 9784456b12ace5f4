// One clock for both tracks. It is anchored at the arrival of the first packet (Unix ms) and runs at the sender's pace;
// sender reports say how the tracks lie to each other. Pure.

/** Per 1 ms of media: a track drifts to its place this fast. 100 ms are made up in 2 s, and time never runs backwards. */
const SLEW = 0.05;
/** A report that is further off than this is not believed: some senders fill in a clock that has nothing to do with the media. */
const MOST_CORRECTION_MS = 2000;

interface TrackClock {
  ticksPerMs: number;
  /** Added to timestamp / ticksPerMs. */
  offsetMs: number;
  targetMs: number;
  lastMediaMs: number;
  /** (RTP time in ms, sender's NTP time in ms) of the newest report. */
  report: { mediaMs: number; ntpMs: number } | null;
}

export class MediaClock {
  #tracks = new Map<number, TrackClock>();
  /** From the sender's NTP clock to ours; set by the first track that reports, so that this track need not move. */
  #ntpOffsetMs: number | null = null;

  /** The time of a frame on the common clock. `timestamp` unwrapped; `arrivalMs` matters for the first call of each SSRC only. */
  timeOf(ssrc: number, clockRate: number, timestamp: number, arrivalMs: number): number {
    const ticksPerMs = clockRate / 1000;
    const mediaMs = timestamp / ticksPerMs;
    let track = this.#tracks.get(ssrc);
    if (!track) {
      const offsetMs = arrivalMs - mediaMs;
      track = { ticksPerMs, offsetMs, targetMs: offsetMs, lastMediaMs: mediaMs, report: null };
      this.#tracks.set(ssrc, track);
    }
    const passedMs = Math.max(0, mediaMs - track.lastMediaMs);
    const missingMs = track.targetMs - track.offsetMs;
    track.offsetMs += Math.sign(missingMs) * Math.min(Math.abs(missingMs), passedMs * SLEW);
    track.lastMediaMs = Math.max(track.lastMediaMs, mediaMs);
    return mediaMs + track.offsetMs;
  }

  /** A sender report for a track that has had a frame; `rtpTimestamp` unwrapped near the newest frame. */
  report(ssrc: number, rtpTimestamp: number, ntpMs: number): void {
    const track = this.#tracks.get(ssrc);
    if (!track) return;
    track.report = { mediaMs: rtpTimestamp / track.ticksPerMs, ntpMs };
    // Until both tracks report there is nothing to align; a track that never reports keeps its arrival time.
    if (this.#tracks.size < 2 || ![...this.#tracks.values()].every((other) => other.report)) return;
    if (this.#ntpOffsetMs === null) {
      const anchor = [...this.#tracks.values()].at(0)!;
      this.#ntpOffsetMs = anchor.report!.mediaMs + anchor.offsetMs - anchor.report!.ntpMs;
    }
    for (const each of this.#tracks.values()) {
      const targetMs = each.report!.ntpMs + this.#ntpOffsetMs - each.report!.mediaMs;
      if (Math.abs(targetMs - each.offsetMs) <= MOST_CORRECTION_MS) each.targetMs = targetMs;
    }
  }

  forget(ssrc: number): void {
    this.#tracks.delete(ssrc);
  }
}
