// Who gets to see what of a stream, by its visibility: the one policy for lists, pages, playlists, media, posters, chat and recordings.
import type { Visibility } from '../protocol/api.ts';

interface Policy {
  isListed: boolean;
  /** An outsider may know of it by its link: title, state, channel. Else it does not exist for them. */
  isKnownByLink: boolean;
  /** How an outsider comes in; `open`: nobody is one. */
  entry: 'open' | 'password' | 'invitation';
}

const POLICIES: Record<Visibility, Policy> = {
  public: { isListed: true, isKnownByLink: true, entry: 'open' },
  unlisted: { isListed: false, isKnownByLink: true, entry: 'open' },
  password: { isListed: false, isKnownByLink: true, entry: 'password' },
  private: { isListed: false, isKnownByLink: false, entry: 'invitation' },
};

export const policyOf = (visibility: Visibility): Policy => POLICIES[visibility];

/** What there is of a stream for a viewer. `details`: its title, state and channel; `media`: playlists, init, parts, segments. */
export type Offering = 'details' | 'media' | 'poster' | 'chat' | 'recording';

/** Is this kept from everybody who has not come in? */
export function isGated(visibility: Visibility, offering: Offering): boolean {
  const { entry, isKnownByLink } = policyOf(visibility);
  return offering === 'details' ? !isKnownByLink : entry !== 'open';
}

/** What a viewing pass names. */
export interface PassFacts {
  streamId: string;
  /** The state of the gate that it was issued at: when visibility or password last changed, Unix ms. */
  gateAtMs: number;
  expiresAtMs: number;
}

/**
 * Is a genuine pass good for this stream now? One from before the gate last changed is void; one from after is good,
 * since only what is known of the gate here can be older.
 */
export const isPassGood = (pass: PassFacts, stream: { id: string; gateAtMs: number }, nowMs: number): boolean =>
  pass.streamId === stream.id && pass.gateAtMs >= stream.gateAtMs && pass.expiresAtMs > nowMs;
