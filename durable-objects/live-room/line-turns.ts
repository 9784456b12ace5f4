// When each line of a room is told: one after the other over the time of a frame, so that they never all send at once.
import type { ShardLink } from './shard-link.ts';

interface Around {
  /** Those who are to be told. */
  lines(): readonly ShardLink[];
  /** The number of the newest event. */
  newestSeq(): number;
  /** Each is told so often; 0: at once. */
  frameIntervalMs(): number;
}

export class LineTurns {
  private readonly around: Around;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private nextLine = 0;
  private lastTurnMs = 0;

  constructor(around: Around) {
    this.around = around;
  }

  /** Something has happened: the turns go on until everybody knows of it. */
  go(): void {
    if (this.timer) return;
    const lines = this.around.lines();
    const seq = this.around.newestSeq();
    if (lines.every((line) => line.isOffered(seq))) return;
    const betweenMs = this.around.frameIntervalMs() / lines.length;
    if (betweenMs === 0) for (const line of lines) void line.offer(seq);
    else this.timer = setTimeout(() => this.turn(), Math.max(0, this.lastTurnMs + betweenMs - Date.now()));
  }

  private turn(): void {
    this.timer = null;
    this.lastTurnMs = Date.now();
    const lines = this.around.lines();
    void lines[this.nextLine % lines.length]?.offer(this.around.newestSeq());
    this.nextLine += 1;
    this.go();
  }
}
