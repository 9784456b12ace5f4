// Why the room does not do what it was asked: a value, in the words of the one list of errors.
import type { ErrorCode } from '../../protocol/errors.ts';

export interface RoomRefusal {
  code: ErrorCode;
  detail: string;
  retryAfterSeconds?: number;
  /** Where a ban is appealed. */
  appealAt?: string;
}

/** "12 seconds", "3 minutes", "2 days": a wait as people say it, rounded up. */
export function waitInWords(seconds: number): string {
  for (const [unit, size] of UNITS) {
    if (seconds < 2 * size && size > 1) continue;
    const count = Math.ceil(seconds / size);
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return '1 second';
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;
