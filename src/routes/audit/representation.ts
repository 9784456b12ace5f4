// A row of the audit log as the API shows it: people by their names as long as they are known.
import type { AuditRecord } from '../../protocol/audit-log.ts';
import type { AuditRow } from '../../storage/audit-reading.ts';

const NOTHING = { before: null, after: null, reason: null, requestId: null, network: null };

export const toAuditRecord = ({ proof, entry, facts, actor, target }: AuditRow): AuditRecord => ({
  seq: proof.seq,
  id: entry.id,
  at: new Date(entry.atMs).toISOString(),
  actor: { ...entry.actor, id: actor.userId ?? entry.actor.id, name: actor.name },
  action: entry.action,
  target: entry.target && { type: entry.target.type, id: target.userId ?? entry.target.id, name: target.name },
  ...(facts ?? NOTHING),
  ...(isUnreadable({ proof, entry, facts }) && { reason: UNREADABLE }),
  erasedBy: proof.erasedBy,
});

const UNREADABLE = 'What is stored here was not written by the log. npm run audit:verify says more.';

const isUnreadable = ({ proof, entry, facts }: Pick<AuditRow, 'proof' | 'entry' | 'facts'>): boolean =>
  entry.action === 'log.unreadable' || (facts === null && proof.facts !== null);
