// Waits until a stream is really on the air: its playlist is there and lists a rendition.
const ASK_AGAIN_MS = 200;
const REQUEST_LIMIT_MS = 8000;

export async function picturesArrive(playbackUrl: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (let last = ''; ; await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))) {
    try {
      const answer = await fetch(playbackUrl, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
      const text = await answer.text();
      if (answer.ok && text.includes('#EXT-X-STREAM-INF')) return;
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) {
      throw new Error(`No picture arrived at ${playbackUrl} within ${limitMs / 1000} s (${last}).`);
    }
  }
}
