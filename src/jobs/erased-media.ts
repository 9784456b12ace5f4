// Deletes the media of streams whose owner was forgotten.
import { mediaPrefix } from '../domain/hls/object-keys.ts';
import { dropErasedMedia, takeErasedMedia } from '../storage/erasure.ts';
import { deleteMediaUnder } from '../storage/media.ts';

/** The last segments of a stream that was ended may be stored a little after its end. */
const SETTLED_AFTER_MS = 60_000;
/** Of a thousand objects each. A page costs four requests at most, and a run of the clock has a thousand. */
const PAGES_PER_RUN = 200;

/** What is not finished, or fails, is taken up by a later run, after all that waits longer. */
export async function deleteErasedMedia({ DB, MEDIA }: Pick<Env, 'DB' | 'MEDIA'>, nowMs: number): Promise<void> {
  const erasedUntilMs = nowMs - SETTLED_AFTER_MS;
  for (let pagesMax = PAGES_PER_RUN; pagesMax > 0; ) {
    const streamId = await takeErasedMedia(DB, { erasedUntilMs, nowMs });
    if (streamId === null) return;
    try {
      const { isDone, pages } = await deleteMediaUnder(MEDIA, { prefix: mediaPrefix(streamId), pagesMax });
      pagesMax -= pages;
      if (isDone) await dropErasedMedia(DB, streamId);
    } catch (error) {
      pagesMax -= 1;
      console.error(
        `The media of ${streamId}, whose owner was forgotten, could not be deleted; it is tried again.`,
        error,
      );
    }
  }
}
