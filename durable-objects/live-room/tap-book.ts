// Which parcels of reactions have been counted: what is brought twice counts once.
import type { Parcel } from './shard-words.ts';

/** Each shard has one, and a new one after a loss of its memory. */
const BOXES_MAX = 2000;

export class TapBook {
  private readonly counted = new Map<string, number>();

  /** Those that were not here before; they are now. */
  fresh(parcels: readonly Parcel[]): Parcel[] {
    return parcels.filter(({ box, number }) => {
      if (number <= (this.counted.get(box) ?? 0)) return false;
      this.counted.delete(box);
      this.counted.set(box, number);
      const [oldest] = this.counted.keys();
      if (oldest !== undefined && this.counted.size > BOXES_MAX) this.counted.delete(oldest);
      return true;
    });
  }
}
