// How one socket behaves: frames per second, and frames that make no sense. Refused first, closed when it goes on.
import { BAD_FRAMES_MAX, CLIENT_FRAMES_PER_SECOND } from '../../protocol/chat/limits.ts';
import { NOBODYS_TAPS_PER_SECOND, TAPS_PER_FRAME_MAX, TAPS_PER_SECOND } from '../../protocol/chat/reaction-words.ts';
import { type Bucket, refilled } from './rate-limit.ts';

const FRAMES = { burst: 3 * CLIENT_FRAMES_PER_SECOND, perSecond: CLIENT_FRAMES_PER_SECOND };
const STRIKES = { burst: BAD_FRAMES_MAX, perSecond: 0.1 };

/** Three seconds' worth at once. */
const TAPS = { burst: 3 * TAPS_PER_SECOND, perSecond: TAPS_PER_SECOND };
const NOBODYS_TAPS = { burst: TAPS_PER_FRAME_MAX, perSecond: NOBODYS_TAPS_PER_SECOND };

export class Conduct {
  private frames: Bucket;
  private patience: Bucket;
  private taps: Bucket;

  constructor(nowMs: number) {
    this.frames = { tokens: FRAMES.burst, atMs: nowMs };
    this.patience = { tokens: STRIKES.burst, atMs: nowMs };
    this.taps = { tokens: TAPS.burst, atMs: nowMs };
  }

  /** One more frame has come. `close`: the socket has been told often enough. */
  frame(nowMs: number): 'fine' | 'too_fast' | 'close' {
    this.frames = refilled(this.frames, FRAMES, nowMs);
    if (this.frames.tokens >= 1) {
      this.frames.tokens -= 1;
      return 'fine';
    }
    return this.strike(nowMs) === 'close' ? 'close' : 'too_fast';
  }

  /** So many reactions at once; false: more than this socket may send now. */
  mayTap(count: number, isNobody: boolean, nowMs: number): boolean {
    this.taps = refilled(this.taps, isNobody ? NOBODYS_TAPS : TAPS, nowMs);
    if (this.taps.tokens < count) return false;
    this.taps.tokens -= count;
    return true;
  }

  /** It made no sense. */
  strike(nowMs: number): 'refuse' | 'close' {
    this.patience = refilled(this.patience, STRIKES, nowMs);
    if (this.patience.tokens < 1) return 'close';
    this.patience.tokens -= 1;
    return 'refuse';
  }
}
