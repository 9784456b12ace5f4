// How many watch: counted from the heartbeats of pages that play, over a sliding window, without knowing any of them.
import { type Beat, WATCHING_LOST_SECONDS } from '../../protocol/watching.ts';

const LOST_MS = WATCHING_LOST_SECONDS * 1000;

/** Pages that are remembered one by one. Beyond, half of them stand for all, chosen by their tag: within 0.7 % of the truth. */
const KEPT_MAX = 50_000;
/** Below this a finer sample is begun. */
const KEPT_FEW = KEPT_MAX / 16;

export class Presence {
  /** Who was heard of longest ago comes first. */
  private readonly seen = new Map<string, number>();
  /** Of 2^level pages one is remembered. */
  private level = 0;
  /** Of 2^countedLevel pages one is counted: behind `level` until a finer sample has been heard out. */
  private countedLevel = 0;
  private finerAtMs = 0;
  private before: { viewers: number; untilMs: number };
  private readonly keptMax: number;

  /** `before`: what was counted when the memory was lost. It holds until everybody had time to say so again. */
  constructor(before: { viewers: number; atMs: number }, keptMax = KEPT_MAX) {
    this.before = { viewers: before.viewers, untilMs: before.atMs + LOST_MS };
    this.keptMax = keptMax;
  }

  beat({ viewer, isLeaving }: Beat, nowMs: number): void {
    this.seen.delete(viewer);
    if (isLeaving || !isSampled(viewer, this.level)) return;
    this.seen.set(viewer, nowMs);
    if (this.seen.size > this.keptMax) this.coarser();
  }

  /** Everybody has gone: there is no picture any more. */
  clear(): void {
    this.seen.clear();
    this.level = 0;
    this.countedLevel = 0;
    this.before = { viewers: 0, untilMs: 0 };
  }

  count(nowMs: number): number {
    for (const [viewer, atMs] of this.seen) {
      if (atMs > nowMs - LOST_MS) break;
      this.seen.delete(viewer);
    }
    const counted = this.sampled(nowMs) * 2 ** this.countedLevel;
    return nowMs < this.before.untilMs ? Math.max(counted, this.before.viewers) : counted;
  }

  private sampled(nowMs: number): number {
    if (this.level < this.countedLevel && nowMs >= this.finerAtMs + LOST_MS) this.countedLevel = this.level;
    if (this.level === this.countedLevel) {
      if (this.level > 0 && this.seen.size < Math.min(KEPT_FEW, this.keptMax / 16)) {
        this.level = 0;
        this.finerAtMs = nowMs;
      } else return this.seen.size;
    }
    let count = 0;
    for (const viewer of this.seen.keys()) if (isSampled(viewer, this.countedLevel)) count += 1;
    return count;
  }

  private coarser(): void {
    this.level += 1;
    this.countedLevel = Math.max(this.countedLevel, this.level);
    for (const viewer of this.seen.keys()) if (!isSampled(viewer, this.level)) this.seen.delete(viewer);
  }
}

const isSampled = (viewer: string, level: number): boolean => level === 0 || hashOf(viewer) % 2 ** level === 0;

/** FNV-1a, mixed once more: its low bits alone tell one tag from the next. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 3;
}

/** What says of itself that it is a program. */
const ROBOTS =
  /bot\b|crawl|spider|slurp|externalhit|embedly|preview|lighthouse|curl\/|wget\/|python|go-http|okhttp|axios|node-fetch/i;

export const isRobot = (userAgent: string | undefined): boolean => !userAgent || ROBOTS.test(userAgent);
