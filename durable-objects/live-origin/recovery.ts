// While media that readers have seen is on its way back after a loss of memory, they are not shown less.
import type { Timeline } from '../../src/domain/hls/timeline.ts';
import type { PublisherSocket } from './publisher.ts';

/** A node that lost its connection together with our memory is back within this, or not soon. */
const RETURN_LIMIT_MS = 3000;

export class Recovery {
  private returnUntilMs = 0;

  /** The connection was lost too: its session is awaited. */
  awaitReturn(nowMs: number, onGivenUp: () => void): void {
    this.returnUntilMs = nowMs + RETURN_LIMIT_MS;
    setTimeout(onGivenUp, RETURN_LIMIT_MS);
  }

  isUnderWay(publisher: PublisherSocket | null, timeline: Timeline): boolean {
    const nowMs = Date.now();
    return publisher?.isResending(nowMs) || (nowMs < this.returnUntilMs && timeline.isBehind);
  }
}
