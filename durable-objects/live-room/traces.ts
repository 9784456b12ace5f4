// What the audit log is told of something that was done in a room.
import type { RoomTrace } from '../../src/domain/chat/inputs.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import { AuditId, mintId, type UserId } from '../../src/protocol/ids.ts';

/** Who did something, for the trace of it; null: the room by itself. */
export type Doer = { id: UserId; appId: string | null; network: string | null; requestId: string | null } | null;

export const traceOf = (trace: RoomTrace, doer: Doer, nowMs: number): AuditEntry => ({
  id: AuditId.parse(mintId('au', crypto.getRandomValues(new Uint8Array(16)))),
  atMs: nowMs,
  actor: doer ? { kind: 'user', id: doer.id, appId: doer.appId } : { kind: 'system', id: null, appId: null },
  action: trace.action,
  target: trace.target ?? null,
  before: trace.before ?? null,
  after: trace.after ?? null,
  reason: trace.reason ?? null,
  requestId: doer?.requestId ?? null,
  network: doer?.network ?? null,
});
