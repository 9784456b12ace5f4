// A signing key that was made on the way: nobody's act, so it is noted as the system's own.
import { note } from '../audit-note.ts';
import type { AppContext } from '../context.ts';

export function noteRotation(c: AppContext, madeKid: string | null): void {
  if (madeKid === null) return;
  note(c, {
    action: 'signing_key.rotated',
    actor: { kind: 'system', id: null, appId: null },
    target: { type: 'signing_key', id: madeKid },
  });
}
