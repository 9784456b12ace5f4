// The reactions there are, and how many a client may send; without the schemas, so that a page can carry it.

/** By name on the wire; how it is drawn is the client's. */
export const REACTIONS = {
  heart: '❤️',
  clap: '👏',
  laugh: '😂',
  wow: '😮',
  fire: '🔥',
  party: '🎉',
} as const;
export const REACTION_NAMES = Object.keys(REACTIONS) as ReactionName[];
export type ReactionName = keyof typeof REACTIONS;

/** Taps that one frame may carry, all kinds together. */
export const TAPS_PER_FRAME_MAX = 20;
/** Of one socket, lasting; three seconds' worth at once. */
export const TAPS_PER_SECOND = 20;
/** Of a socket that came in without a ticket. */
export const NOBODYS_TAPS_PER_SECOND = 10;

export const NO_REACTIONS: Record<ReactionName, number> = { heart: 0, clap: 0, laugh: 0, wow: 0, fire: 0, party: 0 };
