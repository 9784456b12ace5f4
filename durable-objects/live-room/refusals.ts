// What the object of a room refuses by itself, and how a refusal leaves it.
import type { RoomOutput } from '../../src/domain/chat/inputs.ts';
import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import type { Refusal } from '../../src/protocol/origin.ts';

/** A socket beyond the limit is sent away for this long and up to twice as long, so that not all come at once. */
const FULL_RETRY_SECONDS = 5;

export const fullRoom = (): RoomRefusal => ({
  code: 'overloaded',
  detail: 'The room holds as many connections as it can. Watch on, and try again in some seconds.',
  retryAfterSeconds: FULL_RETRY_SECONDS + Math.floor(Math.random() * (FULL_RETRY_SECONDS + 1)),
});

export function refusalIn(outputs: readonly RoomOutput[]): Refusal | null {
  const refused = outputs.find((output) => output.type === 'refuse');
  return refused ? { ok: false, ...refused.refusal } : null;
}

export const refusedAtDoor = (refusal: RoomRefusal): Response =>
  Response.json({ ok: false, ...refusal }, { status: 503 });

export const TOO_MANY_ARRIVE: RoomRefusal = {
  code: 'overloaded',
  detail: 'Too many people are on their way into this room. Try again in some seconds.',
  retryAfterSeconds: FULL_RETRY_SECONDS,
};
export const NOBODY: RoomRefusal = {
  code: 'unauthenticated',
  detail: 'You came in without a ticket and can only read. Sign in, and come in with a ticket.',
};
export const TOO_FAST: RoomRefusal = {
  code: 'rate_limited',
  detail: 'These frames come too fast, and the socket is closed when that goes on. Slow down.',
  retryAfterSeconds: 1,
};
export const TAPS_TOO_FAST: RoomRefusal = {
  code: 'rate_limited',
  detail: 'These reactions come too fast and were not counted. Send fewer.',
  retryAfterSeconds: 1,
};
export const TOO_MANY_WAIT: RoomRefusal = {
  code: 'rate_limited',
  detail: 'Some of your messages are being looked at, and more wait behind them. Wait for these.',
  retryAfterSeconds: 2,
};
export const WAS_REMOVED: RoomRefusal = {
  code: 'not_found',
  detail: 'The message was said under this client id, and has been removed since. Use another id for another message.',
};
export const NOT_DECIDED: RoomRefusal = {
  code: 'not_found',
  detail: 'There is no such line in the queue. Read the queue again.',
};
