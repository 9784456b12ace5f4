// Where things are: the paths that more than one part of the product must agree on, without the base.
import type { ChannelId, StreamId } from './ids.ts';

/** Every id may be a stream's or a channel's; a channel's leads to its newest stream. */
type PlayableId = StreamId | ChannelId;

/** The path of every door of the REST API begins with it. */
export const API_PREFIX = '/api/v1';

export const watchPath = (id: PlayableId): string => `/watch/${id}`;
export const studioPath = (id: ChannelId): string => `/studio/${id}`;
/** Where the channel is moderated. */
export const moderatePath = (id: ChannelId): string => `/moderate/${id}`;
export const playbackPath = (id: PlayableId): string => `/live/${id}/index.m3u8`;
export const posterPath = (id: PlayableId): string => `/live/${id}/poster.jpg`;
/** Where a page says that it plays the stream. */
export const watchingPath = (id: string): string => `/live/${id}/watching`;
export const watchStatePath = (id: PlayableId): string => `/live/${id}/state`;
/** The query parameter of playlists, media, posters and state that carries a viewing pass. */
export const PASS_PARAMETER = 'pass';
export const WHIP_PATH = '/whip';
/** Where a person is asked whether an app may act for them. */
export const CONSENT_PATH = '/consent';
/** Where one signs in; the words of a refusal are shown there. */
export const SIGN_IN_PATH = '/sign-in';
