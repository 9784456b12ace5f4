// How a refusal is told on a socket, and how what the room knows of an act becomes an entry of the audit log.
import type { HeldState, RoomOutput, RoomTrace } from '../../src/domain/chat/inputs.ts';
import type { Named } from '../../src/domain/chat/speaker.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { Refused } from '../../src/protocol/chat/server-frames.ts';
import { AuditId, mintId, type UserId } from '../../src/protocol/ids.ts';

/** Who did something, for the trace of it; null: the room by itself. */
export type Doer =
  | ({ id: UserId; appId: string | null; network: string | null; requestId: string | null } & Partial<Named>)
  | null;

export const refusedFrame = ({
  refusal,
  clientId,
}: Pick<Extract<RoomOutput, { type: 'refuse' }>, 'refusal' | 'clientId'>): Refused => ({
  kind: 'refused',
  clientId,
  ...refusal,
});

/** Who is held without knowing it has done nothing that the log could tell them: the room has. */
export const holderOf = ({ isShadow, keys }: HeldState, doer: Doer): Doer =>
  isShadow && doer?.id === keys.authorId ? null : doer;

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
