// The words of moderation: what a judge can find in a line, and what can follow from it.
import type { Role } from '../../access.ts';
import type { WordKind } from './lists/word-list.ts';

/** Weakest first: of several findings the strongest decides. */
export const ACTIONS = ['allow', 'mask', 'hold', 'deny'] as const;
export type Action = (typeof ACTIONS)[number];

/** The reason codes of a verdict. */
export type FindingKind =
  | WordKind
  | 'channel_word'
  | 'platform_word'
  | 'scam'
  | 'link'
  | 'short_link'
  | 'disguised_link'
  | 'lookalike_link'
  | 'caps'
  | 'flood'
  | 'duplicate'
  | 'raid'
  | 'new_account';

/** A piece of the line as written, in UTF-16 units. */
export interface Span {
  from: number;
  to: number;
}

export interface Finding {
  kind: FindingKind;
  action: Action;
  /** 0: nothing speaks for it; 1: certain. */
  score: number;
  /** What a mask covers; empty where the line as a whole is meant. */
  spans: Span[];
  /** The word, domain or measure that was found, for moderators. */
  detail: string;
}

/** What a judge says before strictness is asked what follows. */
export type Suspicion = Omit<Finding, 'action' | 'score'> & { score?: number; action?: Action };

/** A line and what is known of who says it. */
export interface Line {
  text: string;
  authorId: string;
  authorRoles: readonly Role[];
  accountAgeMs: number;
  /** Null: does not follow the channel. */
  followingForMs: number | null;
  /** How many of the author's lines were shown in this room before. */
  linesBefore: number;
}
