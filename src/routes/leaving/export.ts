// The export of an account as one JSON document, written while the tables are read.
import type { Message } from '../../protocol/chat/message.ts';
import { type ExportedRow, exportPages } from '../../storage/account-export.ts';

interface Exporting {
  userId: string;
  /** What rooms show this person alone, the earliest first. */
  own: readonly Message[];
  exportedAt: string;
}

export function exportDocument(db: D1Database, exporting: Exporting): ReadableStream<Uint8Array> {
  const parts = document(db, exporting);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return();
    },
  });
}

async function* document(db: D1Database, { userId, own, exportedAt }: Exporting): AsyncGenerator<string, void> {
  yield `{"exportedAt":${JSON.stringify(exportedAt)}`;
  let open: string | null = null;
  let isFirst = true;
  const theirs = new OwnRows(own);
  for await (const { table, rows: kept, isLast } of exportPages(db, userId)) {
    const rows = table === 'messages' ? theirs.among(kept, isLast) : kept;
    if (table !== open) {
      yield `${open === null ? '' : ']'},"${table}":[`;
      open = table;
      isFirst = true;
    }
    for (const row of rows) {
      yield `${isFirst ? '' : ','}${JSON.stringify(row)}`;
      isFirst = false;
    }
  }
  yield `${open === null ? '' : ']'}}`;
}

/** Lines that rooms show their author alone stand among the others, each once, where they were said. */
class OwnRows {
  private rest: Message[];

  constructor(own: readonly Message[]) {
    this.rest = [...own];
  }

  /** A page; `isLast`: what is left comes at its end. */
  among(rows: readonly ExportedRow[], isLast: boolean): ExportedRow[] {
    // What everybody was shown meanwhile is archived, with what became of it.
    const archived = new Set(rows.map(({ id }) => id));
    this.rest = this.rest.filter(({ id }) => !archived.has(id));
    const merged = rows.flatMap((row) => [...this.until(Number(row.sentAtMs)), row]);
    return isLast ? [...merged, ...this.until(Number.POSITIVE_INFINITY)] : merged;
  }

  private until(atMs: number): ExportedRow[] {
    const count = this.rest.findIndex(({ sentAt }) => Date.parse(sentAt) > atMs);
    return this.rest.splice(0, count < 0 ? this.rest.length : count).map(rowOf);
  }
}

const rowOf = ({ id, streamId, text, sentAt, mediaTimeMs }: Message): ExportedRow => ({
  id,
  streamId,
  text,
  sentAtMs: Date.parse(sentAt),
  mediaTimeMs,
  removedAtMs: null,
});
