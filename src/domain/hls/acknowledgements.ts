// Which frames of a session are stored for good: cumulative, although segments are stored in any order.

export class Acknowledgements {
  private acknowledged: number;
  private received: number;
  /** seq -> the segment that it waits for, in order of seq. Bounded by what the publisher may have unacknowledged. */
  private readonly waiting = new Map<number, string>();

  constructor(acknowledged: number) {
    this.acknowledged = acknowledged;
    this.received = acknowledged;
  }

  get seq(): number {
    return this.acknowledged;
  }

  /** A frame came; with a `segment` it is done when that is settled, without one it is done now. */
  receive(seq: number, segment: string | null): void {
    this.received = Math.max(this.received, seq);
    if (segment !== null && seq > this.acknowledged) this.waiting.set(seq, segment);
  }

  /** The segment is stored, or given up: its frames are done. */
  settle(segment: string): void {
    for (const [seq, waitsFor] of this.waiting) if (waitsFor === segment) this.waiting.delete(seq);
  }

  /** The new value if it grew since the last call, else null. */
  advance(): number | null {
    const [oldest] = this.waiting.keys();
    const done = oldest === undefined ? this.received : oldest - 1;
    if (done <= this.acknowledged) return null;
    this.acknowledged = done;
    return done;
  }
}
