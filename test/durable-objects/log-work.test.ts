// What a room does each second with its log costs what has to be done, and not what is in the log.
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { RoomLog } from '../../durable-objects/live-room/log.ts';
import type { MessageId, StreamId } from '../../src/protocol/ids.ts';
import { openRoom } from './room-guest.ts';

const EVENTS = 500;

it('looks at a few rows to archive and to prune, however much was said', async () => {
  const { room } = await openRoom();
  await runInDurableObject(room, (_room, { storage }) => {
    let rows = 0;
    const sql = {
      exec: (query: string, ...values: unknown[]) => {
        const cursor = storage.sql.exec(query, ...(values as SqlStorageValue[]));
        if (/^\s*(?:UPDATE|DELETE)/.test(query)) rows += cursor.rowsRead;
        return cursor;
      },
    };
    const log = new RoomLog(sql as unknown as SqlStorage);
    for (let seq = 1; seq <= EVENTS; seq++) {
      const event = {
        kind: 'message' as const,
        seq,
        id: `ms_${seq}` as MessageId,
        streamId: 'st_abcd' as StreamId,
        author: null,
        text: `No ${seq}`,
        sentAt: new Date(seq * 1000).toISOString(),
        mediaTimeMs: null,
        replyTo: null,
        mentions: [],
      };
      log.keep({ type: 'toEverybody', event, keys: null, trace: null }, null);
    }
    log.archived(EVENTS);
    rows = 0;
    log.archived(EVENTS);
    log.prune({ beforeMs: 0, keptEvents: EVENTS });
    expect(rows).toBeLessThan(20);
    expect(log.reachesBackTo(0)).toBe(true);
    // By age, and by number; the newest stays.
    log.prune({ beforeMs: 101_000, keptEvents: EVENTS });
    expect([log.reachesBackTo(99), log.reachesBackTo(100)]).toEqual([false, true]);
    log.prune({ beforeMs: 0, keptEvents: 300 });
    expect([log.reachesBackTo(199), log.reachesBackTo(200)]).toEqual([false, true]);
    log.prune({ beforeMs: 10_000_000, keptEvents: EVENTS });
    expect([log.seq, log.reachesBackTo(EVENTS - 2), log.reachesBackTo(EVENTS - 1)]).toEqual([EVENTS, false, true]);
  });
});
