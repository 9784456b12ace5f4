// One request to a webhook: signed, limited in time, and never led elsewhere.
import { signWebhook } from '../auth/webhook-signature.ts';
import { readRetryAfter } from '../domain/retry-after.ts';
import type { AttemptRecord } from '../storage/webhook-deliveries.ts';

const TIMEOUT_MS = 10_000;
/** Enough to recognise an error page by. */
const ANSWER_BYTES_KEPT = 500;

export interface Outcome {
  attempt: AttemptRecord;
  /** When the far end wants to be asked again. */
  retryAfterSeconds: number | null;
}

/** Never throws for what the far end does: an answer or the want of one is the outcome. */
export async function sendWebhook(
  { url, eventId, body, secrets }: { url: string; eventId: string; body: string; secrets: readonly string[] },
  nowMs: () => number,
): Promise<Outcome> {
  const atMs = nowMs();
  const timestampSeconds = Math.floor(atMs / 1000);
  const signature = await signWebhook({ secrets, id: eventId, timestampSeconds, body });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const outcome = { atMs, status: null, error: null, answer: null };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Footlight-Webhooks/1', ...signature },
      body,
      // Where a redirect leads was not checked when the webhook was made.
      redirect: 'manual',
      signal,
    });
    const answer = await readStart(response, ANSWER_BYTES_KEPT);
    const { status } = response;
    return {
      attempt: { ...outcome, durationMs: nowMs() - atMs, status, error: errorOf(status), answer },
      retryAfterSeconds: readRetryAfter(response.headers.get('Retry-After'), nowMs()),
    };
  } catch (error) {
    const said = signal.aborted
      ? `no answer within ${TIMEOUT_MS / 1000} s`
      : `no connection: ${(error as Error).message}`;
    return { attempt: { ...outcome, durationMs: nowMs() - atMs, error: said }, retryAfterSeconds: null };
  }
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirects are not followed: change the URL' : `answered ${status}`;
}

/** The first bytes of a body as text; the rest is not waited for. A body that breaks off does not undo its status. */
async function readStart(response: Response, bytesMax: number): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) return null;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    while (bytes < bytesMax) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, bytesMax - bytes), { stream: true });
      bytes += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // What has come is what is kept.
  }
  return text || null;
}
