// The heartbeat of a page that plays: how viewers are counted without knowing any of them.

/** A page says so this often while its picture plays, give or take the jitter. */
export const WATCHING_SECONDS = 30;
export const WATCHING_JITTER = 0.1;
/** Who was not heard of for this long has gone: the longest interval, and what a request may take. */
export const WATCHING_LOST_SECONDS = 36;

export interface Beat {
  viewer: string;
  isLeaving: boolean;
}
