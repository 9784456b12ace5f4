// What comes in on a socket, of the room or of a shard: how often, does it make sense, and how many reactions at once?
import { readClientFrame } from '../../src/domain/chat/read-frame.ts';
import type { ClientFrame } from '../../src/protocol/chat/client-frames.ts';
import type { Refused } from '../../src/protocol/chat/server-frames.ts';
import { refusedFrame } from './answers.ts';
import type { Hall } from './hall.ts';
import { NOBODY, TAPS_TOO_FAST, TOO_FAST } from './refusals.ts';
import type { Said } from './shard-words.ts';

/** Null: it was refused, and said so. */
export function hear(
  hall: Hall,
  { socket, data }: { socket: WebSocket; data: string | ArrayBuffer },
  nowMs: number,
): ClientFrame | 'misbehaved' | null {
  const place = hall.at(socket);
  if (!place) return null;
  const pace = place.conduct.frame(nowMs);
  if (pace === 'close') return 'misbehaved';
  if (pace === 'too_fast') {
    hall.toOne(socket, refusedFrame({ refusal: TOO_FAST, clientId: null }));
    return null;
  }
  const read = readClientFrame(data);
  if (read.ok) return read.frame;
  if (place.conduct.strike(nowMs) === 'close') return 'misbehaved';
  hall.toOne(socket, refusedFrame(read));
  return null;
}

/** Anybody may react, a bounded number: what is too much is refused whole, and counts for nothing. */
export function mayTap(
  hall: Hall,
  { socket, counts }: { socket: WebSocket; counts: Extract<ClientFrame, { kind: 'react' }>['counts'] },
  nowMs: number,
): boolean {
  const place = hall.at(socket);
  const taps = Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (place?.conduct.mayTap(taps, place.guest === null, nowMs)) return true;
  hall.toOne(socket, refusedFrame({ refusal: TAPS_TOO_FAST, clientId: null }));
  return false;
}

export const nobodyFrame = (frame: Said): Refused =>
  refusedFrame({ refusal: NOBODY, clientId: frame.kind === 'send' ? frame.clientId : null });
