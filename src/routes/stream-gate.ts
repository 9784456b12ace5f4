// Changes of who may come in to a stream: each voids the passes that were given before.
import { hashPassword } from '../auth/passwords.ts';
import type { UpdateStream } from '../protocol/api.ts';
import { FootlightError } from '../protocol/errors.ts';
import { findPassword, keepPassword } from '../storage/gates.ts';
import { changeStream, type StreamRecord } from '../storage/streams.ts';
import { inRooms } from './room/telling.ts';

export const hashOf = (password: string): Promise<string> =>
  hashPassword(password, crypto.getRandomValues(new Uint8Array(16)));

/** The gate has changed, to a new password perhaps: who came in by it as it was knocks again. */
export async function changeGate(env: Env, stream: StreamRecord, password: string | undefined): Promise<void> {
  if (password !== undefined) await relock(env.DB, stream, password);
  await inRooms(env, [stream.id], (room) => room.turnAway(null, 'gate_changed'));
}

/** The gate changes once more behind the password, for whoever came in with the old one meanwhile. */
async function relock(db: D1Database, { id, gateAtMs }: StreamRecord, password: string): Promise<void> {
  await keepPassword(db, id, await hashOf(password));
  await changeStream(db, id, { gateAtMs: Math.max(Date.now(), gateAtMs) + 2 });
}

/** When the gate changes, if it does. A stream with the visibility `password` has one, and no other stream is given one. */
export async function gateAfter(
  db: D1Database,
  stream: StreamRecord,
  {
    visibility = stream.visibility,
    password,
    nowMs,
  }: Pick<UpdateStream, 'visibility' | 'password'> & { nowMs: number },
): Promise<{ gateAtMs: number } | null> {
  if (visibility === 'password' && password === undefined && (await findPassword(db, stream.id)) === null)
    throw unfit('The stream needs a password to be locked with. Send one along.');
  if (visibility !== 'password' && password !== undefined)
    throw unfit('The stream takes no password. Send the visibility password with it.');
  if (visibility === stream.visibility && password === undefined) return null;
  return { gateAtMs: Math.max(nowMs, stream.gateAtMs + 1) };
}

const unfit = (detail: string) =>
  new FootlightError('invalid_request', detail, {
    issues: [{ path: 'password', message: 'must be there with the visibility password, and only with it' }],
  });
