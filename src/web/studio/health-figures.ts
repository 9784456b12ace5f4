// The numbers of the health panel: what is shown, how it went in the last minute, and whether it is worrying.
import type { Health } from '../../protocol/health.ts';
import type { HealthReport } from '../../protocol/live.ts';
import { bitrate } from '../words.ts';

/** A minute at one report a second. */
const KEPT = 60;

export interface HealthFigure {
  name: string;
  label: string;
  text: string;
  values: readonly number[];
  mood: 'good' | 'bad';
}

/** The same sample twice (a page that asks faster than the node reports) counts once. */
export function rememberHealth(history: readonly HealthReport[], report: HealthReport): readonly HealthReport[] {
  if (report.health === null) return [];
  if (history.at(-1)?.health?.atMs === report.health.atMs) return [...history.slice(0, -1), report];
  return [...history, report].slice(-KEPT);
}

interface Measure {
  name: string;
  label: string;
  read(health: Health): number | null;
  write(value: number): string;
  /** From here on it hurts viewers. */
  isBad(value: number, health: Health): boolean;
}

const MEASURES: readonly Measure[] = [
  {
    name: 'bitrate',
    label: 'Bitrate',
    read: (health) => health.bitrateKbps,
    write: bitrate,
    isBad: (value) => value < 150,
  },
  {
    name: 'fps',
    label: 'Frames',
    read: (health) => health.fps,
    write: (value) => `${value.toFixed(1)} fps`,
    isBad: (value) => value < 12,
  },
  {
    name: 'keyframes',
    label: 'Keyframe interval',
    read: (health) => health.keyframeIntervalSeconds,
    write: (value) => `${value.toFixed(1)} s`,
    isBad: (value) => value > 4,
  },
  {
    name: 'loss',
    label: 'Packet loss',
    read: (health) => health.packetLossPercent,
    write: (value) => `${value.toFixed(1)} %`,
    isBad: (value) => value > 2,
  },
  {
    name: 'rtt',
    label: 'Round trip',
    read: (health) => health.roundTripMs,
    write: milliseconds,
    isBad: (value) => value > 300,
  },
  {
    name: 'drops',
    label: 'Dropped frames',
    read: (health) => health.droppedFrames,
    write: String,
    isBad: (_value, health) => health.warnings.some(({ code }) => code === 'frames_dropped'),
  },
  {
    name: 'lag',
    label: 'Encoder lag',
    read: (health) => health.encoderLagMs,
    write: milliseconds,
    isBad: (value) => value > 500,
  },
  {
    name: 'skew',
    label: 'Sound to picture',
    read: (health) => health.audioVideoSkewMs,
    write: milliseconds,
    isBad: (value) => Math.abs(value) > 120,
  },
];

/** One figure for each measure that the newest report has; loss and round trip exist for WHIP only. */
export function healthFigures(history: readonly HealthReport[]): HealthFigure[] {
  const newest = history.at(-1)?.health;
  if (!newest) return [];
  const figures: HealthFigure[] = [];
  for (const { name, label, read, write, isBad } of MEASURES) {
    const value = read(newest);
    if (value === null) continue;
    const values = history.flatMap(({ health }) => (health ? [read(health)] : [])).filter((past) => past !== null);
    figures.push({ name, label, text: write(value), values, mood: isBad(value, newest) ? 'bad' : 'good' });
  }
  return figures;
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}
