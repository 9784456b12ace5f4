// What a page says with each heartbeat.
import { z } from 'zod';

/** Drawn at random by a page and kept in its memory alone: it says nothing about anybody, and ends with the page. */
export const ViewerTag = z.string().regex(/^[A-Za-z0-9_-]{16,32}$/, 'must be 16 to 32 letters, digits, dashes');

/** The query of `POST /live/{id}/watching`, whose body is empty. */
export const WatchingQuery = z.object({
  viewer: ViewerTag,
  /** Seconds that have played since the last time; 0 is no playback. */
  played: z.coerce.number().min(0).max(3600),
  /** The page goes away. */
  left: z.literal('1').optional(),
});
export type WatchingQuery = z.infer<typeof WatchingQuery>;
