// When each line of a room is told: in rounds, one after the other over the time of a frame, or longer where the thread is busy.
import type { ShardLink } from './shard-link.ts';

interface Around {
  /** Those who are to be told. */
  lines(): readonly ShardLink[];
  /** The number of the newest event. */
  newestSeq(): number;
  /** How long a round takes; 0: all are told at once. */
  frameIntervalMs(): number;
}

export class ShardRounds {
  private readonly around: Around;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private nextLine = 0;
  private toldAtMs = 0;

  constructor(around: Around) {
    this.around = around;
  }

  /** Something has happened: the round goes on until everybody knows of it. */
  go(): void {
    if (this.timer) return;
    const lines = this.around.lines();
    const seq = this.around.newestSeq();
    if (lines.every((line) => line.isOffered(seq))) return;
    const betweenMs = this.around.frameIntervalMs() / lines.length;
    if (betweenMs === 0) for (const line of lines) void line.offer(seq);
    else this.timer = setTimeout(() => this.tellNext(), this.leftOf(betweenMs));
  }

  /** Never longer than that, whatever becomes of the clock. */
  private leftOf(betweenMs: number): number {
    return Math.min(betweenMs, Math.max(0, this.toldAtMs + betweenMs - Date.now()));
  }

  private tellNext(): void {
    this.timer = null;
    this.toldAtMs = Date.now();
    const lines = this.around.lines();
    void lines[this.nextLine % lines.length]?.offer(this.around.newestSeq());
    this.nextLine += 1;
    this.go();
  }
}
