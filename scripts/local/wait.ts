// Waits until a stream is really on the air: it is live at this moment, and its playlist lists a rendition.
import type { WatchState } from '../../src/protocol/live.ts';

const ASK_AGAIN_MS = 200;
const REQUEST_LIMIT_MS = 8000;

export async function picturesArrive(playbackUrl: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (let last = ''; ; await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))) {
    try {
      const answer = await fetch(playbackUrl, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
      const text = await answer.text();
      const isListed = answer.ok && text.includes('#EXT-X-STREAM-INF');
      // An interrupted stream is listed too; its encoder has yet to come.
      if (isListed && (await stateBeside(playbackUrl)) === 'live') return;
      last = isListed ? 'it is not live' : `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) {
      throw new Error(`No picture arrived at ${playbackUrl} within ${limitMs / 1000} s (${last}).`);
    }
  }
}

async function stateBeside(playbackUrl: string): Promise<string | undefined> {
  const answer = await fetch(new URL('state', playbackUrl), { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  return ((await answer.json()) as Partial<WatchState>).stream?.state;
}
