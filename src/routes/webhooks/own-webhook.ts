// The webhook of an address, for whoever made it and nobody else.
import { isAllowed, rolesAt } from '../../domain/access.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { WebhookId } from '../../protocol/ids.ts';
import { findWebhook, type WebhookRecord } from '../../storage/webhooks.ts';
import type { AppContext } from '../context.ts';
import { requireAccount } from '../guards/permit.ts';

export async function ownWebhook(
  c: AppContext,
  action: 'webhook.see' | 'webhook.manage',
  id: WebhookId,
): Promise<WebhookRecord> {
  const actor = requireAccount(c, action);
  const webhook = await findWebhook(c.env.DB, id);
  if (!webhook) throw new FootlightError('not_found', `There is no webhook ${id}. Check the id.`);
  if (isAllowed(action, rolesAt(actor, webhook, null))) return webhook;
  throw new FootlightError('forbidden', 'The webhook belongs to somebody else. Only who made it may see or change it.');
}
