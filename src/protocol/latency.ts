// The latency profiles: how long a part, a GOP and a segment are. A stream keeps its profile for life (LL-HLS row 1).
import { z } from 'zod';

export const LatencyProfile = z.enum(['ultra-low', 'low', 'balanced', 'relaxed']);
export type LatencyProfile = z.infer<typeof LatencyProfile>;

export interface LatencyShape {
  /** PART-TARGET in seconds: a hard cap on every part (LL-HLS row 9). */
  partTargetSeconds: number;
  /** Parts in one GOP; a GOP is about one second. */
  partsPerGop: number;
  /** GOPs in one segment; a segment is about two seconds. */
  gopsPerSegment: number;
  /** EXT-X-TARGETDURATION: never changes, the same in every rendition. */
  targetDurationSeconds: number;
}

export const LATENCY_SHAPES: Record<LatencyProfile, LatencyShape> = {
  'ultra-low': { partTargetSeconds: 0.2, partsPerGop: 5, gopsPerSegment: 2, targetDurationSeconds: 2 },
  low: { partTargetSeconds: 0.334, partsPerGop: 3, gopsPerSegment: 2, targetDurationSeconds: 2 },
  balanced: { partTargetSeconds: 0.5, partsPerGop: 2, gopsPerSegment: 2, targetDurationSeconds: 2 },
  relaxed: { partTargetSeconds: 1.0, partsPerGop: 1, gopsPerSegment: 2, targetDurationSeconds: 2 },
};
