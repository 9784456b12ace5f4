// Somebody who was let in: a speaker, and by what they came, so that the visit ends with it.
import type { StreamState } from '../../protocol/api.ts';
import type { RoomQuery } from '../../protocol/chat/connect.ts';
import type { AppId, StreamId, UserId } from '../../protocol/ids.ts';
import type { Speaker } from './speaker.ts';

export interface Guest extends Speaker {
  /** The browser session or the app that they came in by; `token` for tools of our own. */
  holder: string;
  appId: AppId | null;
  /** Truncated; null where there is none. */
  network: string | null;
  /** When what they came in by runs out. */
  expiresAtMs: number;
}

/** Whose visits: a person's, or those that one session or app opened. */
export type Whose = { userId: UserId; holder?: string | undefined } | { userId?: undefined; holder: string };

export const isTheirs = (guest: Guest | null, { userId, holder }: Whose): boolean =>
  guest !== null && (userId === undefined || guest.id === userId) && (holder === undefined || guest.holder === holder);

/** Which room is meant, and how its stream is as far as the asker knows. */
export interface RoomPlace {
  streamId: StreamId;
  streamState: StreamState;
}

/** Somebody who was let through a door, with the request for the trace. */
export interface Caller extends Guest {
  requestId: string | null;
}

/** Somebody who moderates from outside the room, with the request for the trace. */
export type Moderator = Pick<Caller, 'id' | 'handle' | 'name' | 'appId' | 'network' | 'requestId'>;

/** What the door of the socket hands on, as `?ask=`. */
export interface SocketAsk {
  place: RoomPlace;
  query: RoomQuery;
  /** When the pass runs out by which nobody in particular is in; null: they need none. */
  untilMs?: number | null;
}
