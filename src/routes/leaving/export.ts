// The export of an account as one JSON document, written while the tables are read.
import { exportPages } from '../../storage/account-export.ts';

export function exportDocument(db: D1Database, userId: string, exportedAt: string): ReadableStream<Uint8Array> {
  const parts = document(db, userId, exportedAt);
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

async function* document(db: D1Database, userId: string, exportedAt: string): AsyncGenerator<string, void> {
  yield `{"exportedAt":${JSON.stringify(exportedAt)}`;
  let open: string | null = null;
  let isFirst = true;
  for await (const { table, rows } of exportPages(db, userId)) {
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
