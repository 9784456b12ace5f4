// The life of a stream and who may publish it: an event and `nowMs` in, the next state out.
import type { StreamState } from '../protocol/api.ts';
import type { SessionId } from '../protocol/ids.ts';

export type StreamLife =
  | { state: 'waiting' }
  | { state: 'live'; sinceMs: number }
  /** The encoder is away; its place is kept until `endsAtMs`. */
  | { state: 'interrupted'; sinceMs: number; endsAtMs: number }
  /** `cutOff`: it was ended while it was on, so its encoder may try to come back. */
  | { state: 'ended'; atMs: number; cutOff?: true };

export type StreamEvent =
  | { type: 'segment_completed' }
  | { type: 'media_came' }
  | { type: 'publisher_left' }
  | { type: 'time_passed' }
  /** Settings were changed. */
  | { type: 'window_changed' }
  | { type: 'end_wanted' };

/** Media from the present publisher within this time refuses a second one. */
export const TAKEOVER_SILENCE_MS = 2000;

export function advance(
  life: StreamLife,
  event: StreamEvent,
  { nowMs, reconnectWindowMs }: { nowMs: number; reconnectWindowMs: number },
): StreamLife {
  if (life.state === 'ended') return life;
  switch (event.type) {
    case 'segment_completed':
      return life.state === 'waiting' ? { state: 'live', sinceMs: nowMs } : life;
    case 'media_came':
      return life.state === 'interrupted' ? { state: 'live', sinceMs: nowMs } : life;
    case 'publisher_left':
      if (life.state !== 'live') return life;
      return expire({ state: 'interrupted', sinceMs: nowMs, endsAtMs: nowMs + reconnectWindowMs }, nowMs);
    case 'window_changed':
      if (life.state !== 'interrupted') return life;
      return expire({ ...life, endsAtMs: life.sinceMs + reconnectWindowMs }, nowMs);
    case 'time_passed':
      return expire(life, nowMs);
    case 'end_wanted':
      return { state: 'ended', atMs: nowMs, ...(life.state !== 'waiting' && { cutOff: true as const }) };
    default:
      return event satisfies never;
  }
}

const expire = (life: StreamLife, nowMs: number): StreamLife =>
  life.state === 'interrupted' && nowMs >= life.endsAtMs ? { state: 'ended', atMs: life.endsAtMs } : life;

const BY_HAND = 'it was ended by hand';
const TOO_LATE = 'the encoder did not come back in time';

/** What the audit log calls the step from one state to the next, and why it was taken; null: no step. */
export function turningPoint(
  before: StreamLife,
  now: StreamLife,
): { action: 'stream.started' | 'stream.interrupted' | 'stream.resumed' | 'stream.ended'; reason: string } | null {
  if (before.state === now.state) return null;
  switch (now.state) {
    case 'waiting':
      return null;
    case 'live':
      return before.state === 'waiting'
        ? { action: 'stream.started', reason: 'the first segment came' }
        : { action: 'stream.resumed', reason: 'the encoder came back' };
    case 'interrupted':
      return { action: 'stream.interrupted', reason: 'the encoder left' };
    case 'ended':
      return { action: 'stream.ended', reason: now.cutOff || before.state === 'waiting' ? BY_HAND : TOO_LATE };
    default:
      return now satisfies never;
  }
}

/**
 * An encoder that was cut off connects again by itself, after seconds at first and then ever later: OBS from 2 s on, each
 * time after half as long again. One that stays away for this long, or twice as long as it has tried, is somebody's wish.
 */
export const QUIET_MS = 15_000;

/** Until when a publish does not open the channel's next stream by itself. */
export function quietUntilMs(life: StreamLife, lastTryMs: number | null): number {
  if (life.state !== 'ended' || !life.cutOff) return 0;
  if (lastTryMs === null) return life.atMs + QUIET_MS;
  return lastTryMs + Math.max(QUIET_MS, 2 * (lastTryMs - life.atMs));
}

export interface Publisher {
  sessionId: SessionId;
  /** Its last media, or its grant if none came yet. */
  lastHeardMs: number;
}

export type PublishVerdict =
  | { ok: true; supersedes: SessionId | null }
  | { ok: false; code: 'already_publishing' | 'conflict'; detail: string; retryAfterSeconds?: number };

/** The newest publisher wins over a silent one; a present one keeps its place. */
export function judgePublish(
  { state }: { state: StreamState },
  present: Publisher | null,
  asking: SessionId,
  nowMs: number,
): PublishVerdict {
  if (state === 'ended')
    return { ok: false, code: 'conflict', detail: 'The stream has ended. Make a new stream to go live again.' };
  if (!present || present.sessionId === asking) return { ok: true, supersedes: null };
  const silentMs = nowMs - present.lastHeardMs;
  if (silentMs >= TAKEOVER_SILENCE_MS) return { ok: true, supersedes: present.sessionId };
  return {
    ok: false,
    code: 'already_publishing',
    detail: 'Another encoder is sending to this stream. Stop it, wait two seconds and try again.',
    retryAfterSeconds: Math.ceil((TAKEOVER_SILENCE_MS - silentMs) / 1000),
  };
}
