// What follows from a finding, per strictness of the room: one table. And who is above it.
import type { Role } from '../../access.ts';
import type { Action, FindingKind } from './findings.ts';

export const STRICTNESS = ['relaxed', 'standard', 'strict'] as const;
export type Strictness = (typeof STRICTNESS)[number];

/** What a word of a channel's or the platform's own list does is said in the list. */
type Ruled = Exclude<FindingKind, 'channel_word' | 'platform_word'>;

interface Consequence {
  score: number;
  relaxed: Action;
  standard: Action;
  strict: Action;
}

export const CONSEQUENCES: Record<Ruled, Consequence> = {
  slur: { score: 0.95, relaxed: 'hold', standard: 'deny', strict: 'deny' },
  threat: { score: 0.9, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  harassment: { score: 0.85, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  sexual: { score: 0.8, relaxed: 'mask', standard: 'mask', strict: 'hold' },
  profanity: { score: 0.7, relaxed: 'allow', standard: 'mask', strict: 'hold' },
  // Said in every game; alone it is a doubt, not a reason.
  insult: { score: 0.4, relaxed: 'allow', standard: 'allow', strict: 'hold' },
  scam: { score: 0.85, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  link: { score: 0.5, relaxed: 'allow', standard: 'hold', strict: 'deny' },
  short_link: { score: 0.7, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  disguised_link: { score: 0.85, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  lookalike_link: { score: 0.98, relaxed: 'deny', standard: 'deny', strict: 'deny' },
  caps: { score: 0.4, relaxed: 'allow', standard: 'hold', strict: 'hold' },
  flood: { score: 0.8, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  duplicate: { score: 0.8, relaxed: 'allow', standard: 'deny', strict: 'deny' },
  raid: { score: 0.9, relaxed: 'hold', standard: 'hold', strict: 'deny' },
  new_account: { score: 0.45, relaxed: 'allow', standard: 'allow', strict: 'hold' },
};

export const consequenceOf = (kind: Ruled, strictness: Strictness): { action: Action; score: number } => ({
  action: CONSEQUENCES[kind][strictness],
  score: CONSEQUENCES[kind].score,
});

/**
 * Who passes what. `platform`: a word that the platform's list denies, and a link that pretends to be somebody else's site.
 * `room`: everything else that the judges of this folder find.
 */
export const PASSES: Record<Role, { room: boolean; platform: boolean }> = {
  viewer: { room: false, platform: false },
  vip: { room: false, platform: false },
  channel_moderator: { room: true, platform: false },
  owner: { room: true, platform: false },
  moderator: { room: true, platform: false },
  admin: { room: true, platform: false },
};

const isPlatformMatter = (kind: FindingKind, action: Action): boolean =>
  action === 'deny' && (kind === 'platform_word' || kind === 'lookalike_link');

export const passes = (roles: readonly Role[], { kind, action }: { kind: FindingKind; action: Action }): boolean =>
  roles.some((role) => PASSES[role][isPlatformMatter(kind, action) ? 'platform' : 'room']);
