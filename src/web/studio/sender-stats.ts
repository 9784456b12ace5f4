// How the browser itself copes with encoding and sending, once a second.

export interface SenderHealth {
  fps: number | null;
  width: number | null;
  height: number | null;
  kbps: number | null;
  roundTripMs: number | null;
  lossPercent: number | null;
  /** Why the encoder gives less than asked: cpu, bandwidth, other. */
  limitedBy: string | null;
  codec: string | null;
}

/** The fields of an RTCStatsReport entry that are read here; all may be missing. */
export interface StatsEntry {
  type: string;
  id?: string;
  kind?: string;
  timestamp?: number;
  bytesSent?: number;
  packetsSent?: number;
  framesPerSecond?: number;
  frameWidth?: number;
  frameHeight?: number;
  qualityLimitationReason?: string;
  codecId?: string;
  mimeType?: string;
  roundTripTime?: number;
  packetsLost?: number;
}

/** Counters of the last look. */
export interface SenderCounters {
  atMs: number;
  bytesSent: number;
  packetsSent: number;
  packetsLost: number;
}

/** What the report says, with rates since `before`. */
export function readSender(
  entries: readonly StatsEntry[],
  before: SenderCounters | null,
): { health: SenderHealth; counters: SenderCounters | null } {
  const out = entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
  if (!out) return { health: UNKNOWN, counters: null };
  const remote = entries.find(({ type, kind }) => type === 'remote-inbound-rtp' && kind === 'video');
  const codec = entries.find(({ id }) => id !== undefined && id === out.codecId);
  const counters = {
    atMs: out.timestamp ?? 0,
    bytesSent: out.bytesSent ?? 0,
    packetsSent: out.packetsSent ?? 0,
    packetsLost: remote?.packetsLost ?? 0,
  };
  // Counters that ran backwards belong to another connection: nothing to compare with.
  const isComparable = before !== null && counters.atMs > before.atMs && counters.bytesSent >= before.bytesSent;
  const sent = isComparable ? counters.packetsSent - before.packetsSent : 0;
  return {
    counters,
    health: {
      fps: out.framesPerSecond ?? null,
      width: out.frameWidth ?? null,
      height: out.frameHeight ?? null,
      kbps: isComparable ? ((counters.bytesSent - before.bytesSent) * 8) / (counters.atMs - before.atMs) : null,
      roundTripMs: remote?.roundTripTime === undefined ? null : remote.roundTripTime * 1000,
      lossPercent:
        sent > 0 && remote ? Math.max(0, ((counters.packetsLost - (before?.packetsLost ?? 0)) / sent) * 100) : null,
      limitedBy:
        out.qualityLimitationReason && out.qualityLimitationReason !== 'none' ? out.qualityLimitationReason : null,
      codec: codec?.mimeType?.replace(/^video\//, '') ?? null,
    },
  };
}

const UNKNOWN: SenderHealth = {
  fps: null,
  width: null,
  height: null,
  kbps: null,
  roundTripMs: null,
  lossPercent: null,
  limitedBy: null,
  codec: null,
};

export function senderAdvice({ limitedBy }: SenderHealth): string | null {
  if (limitedBy === 'cpu')
    return 'This computer cannot encode as fast as asked. Choose a smaller picture, or close other programs.';
  if (limitedBy === 'bandwidth')
    return 'Your upload line carries less than asked, so the picture is made softer. Choose a smaller picture, or use a cable.';
  return null;
}
