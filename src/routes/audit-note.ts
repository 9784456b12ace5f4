// How a door leaves a trace: one call, answered before the trace is written and never failed by it.
import type { AuditEntry, Facts, Interaction } from '../protocol/audit.ts';
import { AuditId, mintId } from '../protocol/ids.ts';
import { truncatedNetwork } from '../protocol/network.ts';
import { leaveTrace } from '../storage/audit-trail.ts';
import { type AppContext, remoteAddress } from './context.ts';

/** Notes that this request did something; `interaction.actor` only where it is not who is signed in. */
export function note(c: AppContext, interaction: Interaction): void {
  c.executionCtx.waitUntil(leaveTrace(c.env, entryOf(c, interaction)));
}

/**
 * Notes that this request was refused something. Refusals cost their sender nothing, so that nobody can fill the log with
 * them: after REFUSAL_LIMIT in a minute one row says that there were more, and then there is silence until the minute is over.
 */
export function noteRefusal(c: AppContext, interaction: Interaction): void {
  c.executionCtx.waitUntil(leaveBoundedTrace(c.env, entryOf(c, interaction)));
}

async function leaveBoundedTrace(env: Env, entry: AuditEntry): Promise<void> {
  const key = entry.actor.id ?? entry.network ?? 'nobody';
  if (await hasRoom(env.REFUSAL_LIMIT, key)) return leaveTrace(env, entry);
  if (!(await hasRoom(env.REFUSAL_GAP_LIMIT, key))) return;
  const reason = `One of too many: those that follow within a minute are not noted. ${entry.reason ?? ''}`.trimEnd();
  return leaveTrace(env, { ...entry, reason });
}

/** A limiter that is out of order rather lets a row too many into the log than none. */
const hasRoom = (limit: RateLimit, key: string): Promise<boolean> =>
  limit.limit({ key }).then(
    ({ success }) => success,
    () => true,
  );

/** What this request did, for whoever leaves the trace in its place. */
export function entryOf(c: AppContext, interaction: Interaction): AuditEntry {
  const principal = c.get('principal');
  return {
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
}

/** What a change changed: only the fields that are not as they were. Null: nothing. */
export function changes(was: Facts, is: Facts): { before: Facts; after: Facts } | null {
  const names = Object.keys(is).filter((name) => JSON.stringify(is[name]) !== JSON.stringify(was[name]));
  if (names.length === 0) return null;
  const of = (facts: Facts) => Object.fromEntries(names.map((name) => [name, facts[name] ?? null]));
  return { before: of(was), after: of(is) };
}
