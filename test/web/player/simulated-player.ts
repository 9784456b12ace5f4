// A player without a browser: parts arrive late by seeded chance, the playhead moves by the rate that catch-up.ts decides.
import { decideCatchUp, noteStall, startCatchUp } from '../../../src/web/player/catch-up.ts';
import { edgeAt, notePlaylist, startLiveEdge } from '../../../src/web/player/live-edge.ts';

interface Simulation {
  seed: number;
  partSeconds: number;
  holdBackSeconds: number;
  seconds: number;
  /** Each part comes 0.03 s to 0.03 s + this late. */
  jitterSeconds: number;
  /** How much later than its target the player starts. */
  startBehindSeconds: number;
  /** Nothing arrives; afterwards all of it at once. */
  outage?: { atSeconds: number; lastsSeconds: number };
}

const STEP_SECONDS = 0.01;
const ORIGIN_SECONDS = 100;

export function simulate(simulation: Simulation) {
  const { partSeconds, holdBackSeconds, outage } = simulation;
  const random = seeded(simulation.seed);
  const arrivals: { atSeconds: number; edgeSeconds: number }[] = [];
  let lastAtSeconds = 0;
  for (let part = 0; part * partSeconds < simulation.seconds + 2; part += 1) {
    const madeAtSeconds = (part + 1) * partSeconds;
    const plainSeconds = madeAtSeconds + 0.03 + random() * simulation.jitterSeconds;
    const isAway = outage && plainSeconds > outage.atSeconds && plainSeconds < outage.atSeconds + outage.lastsSeconds;
    lastAtSeconds = Math.max(lastAtSeconds, isAway ? outage.atSeconds + outage.lastsSeconds : plainSeconds);
    arrivals.push({ atSeconds: lastAtSeconds, edgeSeconds: ORIGIN_SECONDS + madeAtSeconds });
  }

  let state = startCatchUp();
  let edge = startLiveEdge();
  let bufferedUntil = ORIGIN_SECONDS;
  let playhead = ORIGIN_SECONDS - holdBackSeconds - simulation.startBehindSeconds;
  let isStalled = false;
  let rate = 1;
  let stalls = 0;
  let hurriedBelowFloor = false;
  const track: { atSeconds: number; latencySeconds: number; rate: number }[] = [];

  for (let step = 0; step * STEP_SECONDS < simulation.seconds; step += 1) {
    const nowSeconds = step * STEP_SECONDS;
    while (arrivals[0] && arrivals[0].atSeconds <= nowSeconds) {
      bufferedUntil = arrivals.shift()!.edgeSeconds;
      edge = notePlaylist(edge, { nowMs: nowSeconds * 1000, edgeSeconds: bufferedUntil, continuity: 0 });
    }
    const bufferedAheadSeconds = bufferedUntil - playhead;
    if (isStalled && bufferedAheadSeconds >= partSeconds) isStalled = false;
    if (!isStalled && bufferedAheadSeconds <= 0.005) {
      isStalled = true;
      stalls += 1;
      state = noteStall(state, nowSeconds * 1000);
    }
    if (step % 10 === 0) {
      const edgeSeconds = edgeAt(edge, nowSeconds * 1000);
      if (edgeSeconds !== null) {
        const decision = decideCatchUp(state, {
          nowMs: nowSeconds * 1000,
          bufferedAheadSeconds,
          latencySeconds: edgeSeconds - playhead,
          targetSeconds: holdBackSeconds,
          isPlaying: !isStalled,
        });
        state = decision.state;
        rate = decision.rate;
        if (decision.skipSeconds !== null) playhead += decision.skipSeconds;
        if (!isStalled && bufferedAheadSeconds < 0.15 && rate > 1) hurriedBelowFloor = true;
      }
    }
    if (!isStalled) playhead = Math.min(bufferedUntil, playhead + STEP_SECONDS * rate);
    // Truth: the source has made this much, whatever has arrived (0.03 s is the quickest way here).
    track.push({ atSeconds: nowSeconds, latencySeconds: ORIGIN_SECONDS + nowSeconds - 0.03 - playhead, rate });
  }

  return {
    stalls,
    hurriedBelowFloor,
    slowest: Math.min(...track.map((one) => one.rate)),
    fastestAfter: (seconds: number) =>
      Math.max(...track.filter(({ atSeconds }) => atSeconds >= seconds).map((one) => one.rate)),
    latencyAt: (seconds: number) =>
      track[Math.min(track.length - 1, Math.round(seconds / STEP_SECONDS))]!.latencySeconds,
  };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
