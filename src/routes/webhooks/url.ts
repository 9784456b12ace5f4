// Refuses an address that webhooks may not be sent to, by its field.
import { refusalOf } from '../../domain/webhook-url.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { AppContext } from '../context.ts';

export function requireAllowedUrl(c: AppContext, url: string): void {
  const refusal = refusalOf(url, { isLocal: c.env.MODE === 'local' });
  if (!refusal) return;
  throw new FootlightError('invalid_request', `The URL ${refusal}. Give one that the whole internet can reach.`, {
    issues: [{ path: 'url', message: refusal }],
  });
}
