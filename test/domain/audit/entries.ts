// Entries, and a chain of them as it is stored, for the tests of the audit log.
import { createHash } from 'node:crypto';
import { GENESIS, linkEntries } from '../../../src/domain/audit/chain.ts';
import type { AuditEntry } from '../../../src/protocol/audit.ts';
import type { AuditProof } from '../../../src/protocol/audit-log.ts';
import type { AuditId } from '../../../src/protocol/ids.ts';

export const sha256 = async (text: string): Promise<string> => createHash('sha256').update(text).digest('hex');

export const entry = (index: number, over: Partial<AuditEntry> = {}): AuditEntry => ({
  id: `au_test${index}` as AuditId,
  atMs: 1_700_000_000_000 + index,
  actor: { kind: 'user', id: 'us_ada0', appId: null },
  action: 'stream.updated',
  target: { type: 'stream', id: 'st_abcd' },
  before: { title: `before ${index}` },
  after: { title: `after ${index}` },
  reason: null,
  requestId: `request-${index}`,
  network: '192.0.2.0/24',
  ...over,
});

export async function chainOf(entries: AuditEntry[]): Promise<AuditProof[]> {
  const links = await linkEntries(GENESIS, entries, {
    pseudonymOf: (id) => `pp_${id.slice(3)}`,
    salts: entries.map((_, index) => `salt${index}`),
    sha256,
  });
  return links.map(({ id: _id, ...link }) => ({ ...link, erasedBy: null, hasDetails: true }));
}
