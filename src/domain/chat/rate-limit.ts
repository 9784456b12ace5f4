// How often one person may say something: a token bucket by role, full again within ten seconds.
import type { Role } from '../access.ts';
import { type RoomRefusal, waitInWords } from './refusal.ts';
import { isStaff, isVip } from './speaker.ts';

interface Rate {
  burst: number;
  perSecond: number;
}

/** Full again sooner than an idle room is put to sleep, so that sleeping forgets nothing. */
const RATES = {
  viewer: { burst: 5, perSecond: 0.6 },
  vip: { burst: 8, perSecond: 1 },
  staff: { burst: 30, perSecond: 5 },
} as const satisfies Record<string, Rate>;

/** Far more than speak within ten seconds; beyond, who spoke longest ago is forgotten. */
const BUCKETS_MAX = 20_000;

export interface Bucket {
  tokens: number;
  atMs: number;
}

export class RateLimit<Key> {
  private readonly buckets = new Map<Key, Bucket>();

  /** Takes one; the refusal says how long until there is one again. */
  spend(key: Key, roles: readonly Role[], nowMs: number): RoomRefusal | null {
    const rate = rateOf(roles);
    const bucket = refilled(this.buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs }, rate, nowMs);
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > BUCKETS_MAX) this.buckets.delete(this.buckets.keys().next().value!);
    if (bucket.tokens < 1) {
      const wait = Math.ceil((1 - bucket.tokens) / rate.perSecond);
      const detail = `That was too fast. Wait ${waitInWords(wait)}, and say more at once.`;
      return { code: 'rate_limited', detail, retryAfterSeconds: wait };
    }
    bucket.tokens -= 1;
    return null;
  }
}

const rateOf = (roles: readonly Role[]): Rate =>
  isStaff(roles) ? RATES.staff : isVip(roles) ? RATES.vip : RATES.viewer;

/** A clock that goes back gives nothing. */
export const refilled = (bucket: Bucket, { burst, perSecond }: Rate, nowMs: number): Bucket => ({
  tokens: Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) * perSecond) / 1000),
  atMs: Math.max(bucket.atMs, nowMs),
});
