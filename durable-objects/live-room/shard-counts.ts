// How many sit in each shard, as the shards have said it last.
import type { Holding } from './shard-words.ts';

interface Count {
  sockets: number;
  stamp: number;
  /** False: it was expected that some come, and nothing has been heard of the shard since the memory of this object began. */
  hasSaid: boolean;
}

export class ShardCounts {
  private readonly counts = new Map<number, Count>();

  /** A word that was overtaken by a later one counts for nothing; nor does one that was heard before, as hubs say it again and again. */
  put({ shard, sockets, stamp }: Holding): void {
    const known = this.counts.get(shard);
    if (known?.hasSaid && known.stamp >= stamp) return;
    this.counts.set(shard, { sockets, stamp, hasSaid: true });
  }

  /** One more is sent there. */
  expect(shard: number): void {
    const known = this.counts.get(shard) ?? { sockets: 0, stamp: 0, hasSaid: false };
    this.counts.set(shard, { ...known, sockets: known.sockets + 1 });
  }

  of(shard: number): number {
    return this.counts.get(shard)?.sockets ?? 0;
  }

  hasSaid(shard: number): boolean {
    return this.counts.get(shard)?.hasSaid ?? false;
  }

  /** Somebody sits there or is on the way, as far as is known: it has to be told. */
  isAwake(shard: number): boolean {
    return this.of(shard) > 0 || !this.hasSaid(shard);
  }

  get sum(): number {
    let sum = 0;
    for (const { sockets } of this.counts.values()) sum += sockets;
    return sum;
  }

  /** As it was said. */
  get holding(): Holding[] {
    return Array.from(this.counts, ([shard, { sockets, stamp }]) => ({ shard, sockets, stamp }));
  }
}
