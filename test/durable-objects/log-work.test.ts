// What a room does each second with its log costs what has to be done, and not what is in the log.
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { RoomLog } from '../../durable-objects/live-room/log.ts';
import { OwnEvents } from '../../durable-objects/live-room/own-events.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';
import { openRoom } from './room-guest.ts';
import { saidLine } from './said-line.ts';

const EVENTS = 500;

/** The same, and how many rows were read for what is changed. */
function counting(real: SqlStorage): { sql: SqlStorage; work: { rows: number } } {
  const work = { rows: 0 };
  const exec = (query: string, ...values: SqlStorageValue[]) => {
    const cursor = real.exec(query, ...values);
    if (/^\s*(?:UPDATE|DELETE)/.test(query)) work.rows += cursor.rowsRead;
    return cursor;
  };
  return { sql: { exec } as unknown as SqlStorage, work };
}

it('looks at a few rows to archive and to prune, however much was said', async () => {
  const { room } = await openRoom();
  await runInDurableObject(room, (_room, { storage }) => {
    const { sql, work } = counting(storage.sql);
    const log = new RoomLog(sql);
    for (let seq = 1; seq <= EVENTS; seq++) {
      const event = saidLine(seq);
      log.keep({ type: 'toEverybody', event, keys: null, trace: null }, null);
    }
    log.archived(EVENTS);
    work.rows = 0;
    log.archived(EVENTS);
    log.prune({ beforeMs: 0, keptEvents: EVENTS });
    expect(work.rows).toBeLessThan(20);
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

it('looks at a few rows of what single people are told alone, and leaves the newest without its words', async () => {
  const { room } = await openRoom();
  await runInDurableObject(room, (_room, { storage }) => {
    const { sql, work } = counting(storage.sql);
    const own = new OwnEvents(sql);
    const cleo = 'us_cleo' as UserId;
    const seqs = () =>
      storage.sql
        .exec<{ seq: number }>('SELECT seq FROM own_events')
        .toArray()
        .map(({ seq }) => seq);
    for (let seq = 1; seq <= EVENTS; seq++) own.append(saidLine(seq), cleo, null);
    own.prune({ beforeMs: 0, keptEvents: EVENTS });
    expect(work.rows).toBeLessThan(20);
    expect(seqs()).toHaveLength(EVENTS);
    // By age, and by number; the newest stays.
    own.prune({ beforeMs: 101_000, keptEvents: EVENTS });
    expect(seqs()[0]).toBe(101);
    own.prune({ beforeMs: 0, keptEvents: 300 });
    expect(seqs()[0]).toBe(201);
    own.prune({ beforeMs: 10_000_000, keptEvents: EVENTS });
    expect(seqs()).toEqual([EVENTS]);
    expect(own.message(`ms_${EVENTS}` as MessageId, cleo)).toBeNull();
  });
});
