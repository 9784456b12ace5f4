// Reactions of the sockets of a shard: added up, and brought to the room a few times a second, however many there are.
import type { ReactionName } from '../../src/protocol/chat/reaction-words.ts';
import type { Taps } from './shard-words.ts';

/** Together with the tick of the room a total is seldom older than a second. */
const TOGETHER_MS = 200;
/** What could not be brought is brought with the next, and tried again after this. */
const AGAIN_AFTER_MS = 1000;

export class TapBox {
  private readonly bring: (taps: Taps) => Promise<unknown>;
  private counts: Partial<Record<ReactionName, number>> = {};
  private mediaTimeMs: number | undefined;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(bring: (taps: Taps) => Promise<unknown>) {
    this.bring = bring;
  }

  put({ counts, mediaTimeMs }: Taps): void {
    for (const [kind, count] of Object.entries(counts) as [ReactionName, number | undefined][])
      this.counts[kind] = (this.counts[kind] ?? 0) + (count ?? 0);
    if (mediaTimeMs !== undefined) this.mediaTimeMs = Math.max(this.mediaTimeMs ?? 0, mediaTimeMs);
    this.wait(TOGETHER_MS);
  }

  private wait(ms: number): void {
    this.timer ??= setTimeout(() => void this.empty(), ms);
  }

  private async empty(): Promise<void> {
    const { counts, mediaTimeMs } = this;
    this.counts = {};
    this.mediaTimeMs = undefined;
    this.timer = null;
    try {
      await this.bring({ counts, mediaTimeMs });
    } catch (error) {
      console.error('The reactions of a shard could not be brought to the room; it is tried again.', error);
      this.put({ counts, mediaTimeMs });
      if (this.timer) clearTimeout(this.timer);
      this.timer = null;
      this.wait(AGAIN_AFTER_MS);
    }
  }
}
