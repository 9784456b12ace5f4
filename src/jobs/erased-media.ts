// Deletes the media of streams whose owner was forgotten.
import { mediaPrefix } from '../domain/hls/object-keys.ts';
import { dropErasedMedia, listErasedMedia } from '../storage/erasure.ts';
import { deleteMediaUnder } from '../storage/media.ts';

/** The last segments of a stream that was ended may be stored a little after its end. */
const SETTLED_AFTER_MS = 60_000;
const STREAMS_AT_ONCE = 20;

/** What is not finished, or fails, is taken up at the next run. */
export async function deleteErasedMedia({ DB, MEDIA }: Pick<Env, 'DB' | 'MEDIA'>, nowMs: number): Promise<void> {
  for (const streamId of await listErasedMedia(DB, nowMs - SETTLED_AFTER_MS, STREAMS_AT_ONCE)) {
    try {
      if (await deleteMediaUnder(MEDIA, mediaPrefix(streamId))) await dropErasedMedia(DB, streamId);
    } catch (error) {
      console.error(
        `The media of ${streamId}, whose owner was forgotten, could not be deleted; it is tried again.`,
        error,
      );
    }
  }
}
