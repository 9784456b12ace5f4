// What the room asks of whoever judges a line before anybody sees it.
import type { UserId } from '../../protocol/ids.ts';
import type { Role } from '../access.ts';

export interface Verdict {
  action: 'allow' | 'mask' | 'hold' | 'deny';
  /** What may be shown: the line itself, or with parts of it masked. */
  shown: string;
  reason: string | null;
}

/** What is known of a line beside its words. */
export interface LineContext {
  authorId: UserId;
  roles: readonly Role[];
  accountAgeMs: number;
  /** Null: does not follow the channel. */
  followingForMs: number | null;
  /** How many of the author's messages the room has shown and still knows, up to ENOUGH_LINES. */
  linesBefore: number;
  nowMs: number;
}

/** Who has been heard this often is no stranger. */
export const ENOUGH_LINES = 5;

export type JudgeLine = (line: string, context: LineContext) => Verdict;
