// How a door leaves a trace: one call, answered before the trace is written and never failed by it.
import type { AuditEntry, Interaction } from '../protocol/audit.ts';
import { AuditId, mintId } from '../protocol/ids.ts';
import { truncatedNetwork } from '../protocol/network.ts';
import { type AppContext, remoteAddress } from './context.ts';

/** Notes that this request did something; `interaction.actor` only where it is not who is signed in. */
export function note(c: AppContext, interaction: Interaction): void {
  const principal = c.get('principal');
  const entry: AuditEntry = {
    id: AuditId.parse(mintId('au', crypto.getRandomValues(new Uint8Array(16)))),
    atMs: Date.now(),
    actor: principal
      ? { kind: 'user', id: principal.id, appId: principal.appId }
      : { kind: 'nobody', id: null, appId: null },
    target: null,
    before: null,
    after: null,
    reason: null,
    requestId: c.get('requestId') ?? null,
    network: truncatedNetwork(remoteAddress(c)),
    ...interaction,
  };
  c.executionCtx.waitUntil(c.env.AUDIT.send(entry));
}
