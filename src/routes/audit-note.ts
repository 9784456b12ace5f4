// How a door leaves a trace: one call, answered before the trace is written and never failed by it.
import type { AuditEntry, Facts, Interaction } from '../protocol/audit.ts';
import { AuditId, mintId } from '../protocol/ids.ts';
import { truncatedNetwork } from '../protocol/network.ts';
import { leaveTrace } from '../storage/audit-trail.ts';
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
  c.executionCtx.waitUntil(leaveTrace(c.env, entry));
}

/** What a change changed: only the fields that are not as they were. Null: nothing. */
export function changes(was: Facts, is: Facts): { before: Facts; after: Facts } | null {
  const names = Object.keys(is).filter((name) => JSON.stringify(is[name]) !== JSON.stringify(was[name]));
  if (names.length === 0) return null;
  const of = (facts: Facts) => Object.fromEntries(names.map((name) => [name, facts[name] ?? null]));
  return { before: of(was), after: of(is) };
}
