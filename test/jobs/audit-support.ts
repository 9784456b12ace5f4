// What the tests of the audit log share: the log as it can be read, and waiting for it.
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { hashSecret } from '../../src/auth/secrets.ts';
import { ChainReader, type Finding } from '../../src/domain/audit/verify.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { AuditId } from '../../src/protocol/ids.ts';
import { type AuditRow, readAudit } from '../../src/storage/audit-reading.ts';
import { countPending } from '../../src/storage/audit-trail.ts';

export const readLog = (): Promise<AuditRow[]> => readAudit(env.DB, {}, { limit: 1000, after: 0 });

/** As `npm run audit:verify` does it. */
export async function verifyLog(): Promise<Finding[]> {
  const reader = new ChainReader(hashSecret);
  const findings: Finding[] = [];
  for (const { proof } of await readLog()) findings.push(...(await reader.take(proof)));
  return [...findings, ...reader.finish(await countPending(env.DB))];
}

/** The log, once it has so many rows that fit. */
export async function logWith(count: number, fits: (row: AuditRow) => boolean = () => true): Promise<AuditRow[]> {
  await vi.waitFor(async () => expect((await readLog()).filter(fits).length).toBeGreaterThanOrEqual(count), {
    timeout: 20_000,
    interval: 100,
  });
  return (await readLog()).filter(fits);
}

export const sqlOn = (statement: string): Promise<D1Result> => env.DB.prepare(statement).run();

export const entry = (name: string, over: Partial<AuditEntry> = {}): AuditEntry => ({
  id: `au_${name}` as AuditId,
  atMs: 1_700_000_000_000,
  actor: { kind: 'user', id: 'us_ada0', appId: null },
  action: 'stream.updated',
  target: { type: 'stream', id: 'st_abcd' },
  before: { title: 'a' },
  after: { title: 'b' },
  reason: null,
  requestId: null,
  network: null,
  ...over,
});
