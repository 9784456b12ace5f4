// When does a shield go up by itself? Counts what comes in, in windows that slide; trips from calm only, and says when it is calm again.
import type { ShieldTrips } from '../../protocol/shield.ts';
import type { TripName } from '../../protocol/shield-state.ts';

/** How long each number is counted over, and how many windows of it are kept apart. */
const SPANS: Record<TripName, { spanMs: number; per: number }> = {
  joinsPerMinute: { spanMs: 60_000, per: 1 },
  messagesPerSecond: { spanMs: 5000, per: 5 },
  deniedPerMinute: { spanMs: 60_000, per: 1 },
};
const PIECES = 10;
const NAMES = Object.keys(SPANS) as TripName[];

export interface Trip {
  trip: TripName;
  count: number;
  limit: number;
}

export class RaidWatch {
  private readonly counters = Object.fromEntries(
    NAMES.map((name) => [name, new Counter(SPANS[name].spanMs)]),
  ) as Record<TripName, Counter>;
  /** What has tripped and is not calm yet trips no second time: a moderator who lowers the shield has decided. */
  private readonly spent = new Set<TripName>();

  /** One more has come. Not null: the shield goes up. */
  came(name: TripName, trips: ShieldTrips, nowMs: number): Trip | null {
    this.counters[name].add(nowMs);
    return this.look(name, trips, nowMs);
  }

  /** The number that is still too high for the shield to come down; null: it is calm, below half of every limit. */
  stillHigh(trips: ShieldTrips, nowMs: number): Trip | null {
    const high = NAMES.map((trip) => this.reading(trip, trips, nowMs)).filter((one) => one !== null);
    return high.find(({ count, limit }) => count > limit / 2) ?? null;
  }

  private look(name: TripName, trips: ShieldTrips, nowMs: number): Trip | null {
    const reading = this.reading(name, trips, nowMs);
    if (!reading) return null;
    if (reading.count <= reading.limit / 2) this.spent.delete(name);
    if (reading.count <= reading.limit || this.spent.has(name)) return null;
    this.spent.add(name);
    return reading;
  }

  /** Per unit of its name; null: nobody wants it counted. */
  private reading(trip: TripName, trips: ShieldTrips, nowMs: number): Trip | null {
    const limit = trips[trip];
    return limit === null ? null : { trip, limit, count: Math.floor(this.counters[trip].sum(nowMs) / SPANS[trip].per) };
  }
}

/** How many came within the last span; a tenth of the span is the grain. */
class Counter {
  private readonly pieceMs: number;
  private readonly pieces = new Map<number, number>();

  constructor(spanMs: number) {
    this.pieceMs = spanMs / PIECES;
  }

  add(nowMs: number): void {
    const piece = Math.floor(nowMs / this.pieceMs);
    this.pieces.set(piece, (this.pieces.get(piece) ?? 0) + 1);
    if (this.pieces.size > 2 * PIECES) this.forget(piece);
  }

  sum(nowMs: number): number {
    const piece = Math.floor(nowMs / this.pieceMs);
    this.forget(piece);
    return [...this.pieces.values()].reduce((sum, count) => sum + count, 0);
  }

  private forget(piece: number): void {
    for (const old of this.pieces.keys()) if (old <= piece - PIECES || old > piece) this.pieces.delete(old);
  }
}
