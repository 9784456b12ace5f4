// The audit log as a file: read in pages while it is sent, so that its length does not matter.
import { csvLine } from '../../domain/audit/csv.ts';
import type { AuditLine, AuditRecord } from '../../protocol/audit-log.ts';
import { type AuditFilter, type AuditRow, readAudit } from '../../storage/audit-reading.ts';
import { toAuditRecord } from './representation.ts';

const PAGE_ROWS = 500;

/** Oldest first. A reader that goes away stops the reading. */
export function exportLines(db: D1Database, filter: AuditFilter, format: 'csv' | 'ndjson'): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream({
    start(controller) {
      if (format === 'csv') controller.enqueue(encoder.encode(csvLine(HEADS)));
    },
    async pull(controller) {
      const rows = await readAudit(db, filter, { limit: PAGE_ROWS, after });
      const text = rows.map(format === 'csv' ? toCsv : toNdjson).join('');
      if (text !== '') controller.enqueue(encoder.encode(text));
      after = rows.at(-1)?.proof.seq ?? after;
      if (rows.length < PAGE_ROWS) controller.close();
    },
  });
}

function toNdjson(row: AuditRow): string {
  const line: AuditLine = { ...toAuditRecord(row), proof: row.proof };
  return `${JSON.stringify(line)}\n`;
}

const HEADS = [
  ...['seq', 'at', 'actor kind', 'actor id', 'actor name', 'app', 'action', 'target type', 'target id', 'target name'],
  ...['before', 'after', 'reason', 'network', 'request id', 'erased by', 'hash'],
];

const toCsv = (row: AuditRow): string => csvLine(cells(toAuditRecord(row), row.proof.hash));

const cells = ({ actor, target, ...record }: AuditRecord, hash: string) => [
  ...[record.seq, record.at, actor.kind, actor.id, actor.name, actor.appId],
  ...[record.action, target?.type ?? null, target?.id ?? null, target?.name ?? null],
  ...[asText(record.before), asText(record.after), record.reason, record.network, record.requestId],
  ...[record.erasedBy, hash],
];

const asText = (facts: object | null): string | null => (facts === null ? null : JSON.stringify(facts));
