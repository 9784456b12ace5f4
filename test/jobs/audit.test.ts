import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { castMember } from '../../src/auth/local-cast.ts';
import { chainWaiting } from '../../src/jobs/audit.ts';
import { consume } from '../../src/jobs/queues.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { countPending, leaveTrace } from '../../src/storage/audit-trail.ts';
import { keepUser } from '../../src/storage/users.ts';
import { as, openStream } from '../routes/support.ts';
import { entry, logWith, readLog, sqlOn, verifyLog } from './audit-support.ts';

/** What the consumer is expected to complain of, collected so that the output of the tests stays readable. */
const silenced = () => vi.spyOn(console, 'error').mockImplementation(() => undefined);
afterEach(() => {
  vi.restoreAllMocks();
});

beforeAll(async () => {
  const { about: _about, ...ada } = castMember('ada')!;
  await keepUser(env.DB, ada, 1);
});

/** The database with the limit that D1 has and the local one has not. */
const strict = new Proxy(env.DB, {
  get(db, name) {
    if (name !== 'prepare') return Reflect.get(db, name).bind(db);
    return (sql: string) => {
      const statement = db.prepare(sql);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values) => {
        for (const value of values)
          if (new Blob([String(value)]).size > 2_000_000) throw new Error('D1_ERROR: string or blob too big');
        return bind(...values);
      };
      return statement;
    };
  },
});

async function deliver(bodies: unknown[], queue = 'footlight-audit', bindings: Env = env) {
  const messages = bodies.map((body, index) => ({ id: `${index}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  await consume(batch, bindings);
  return getQueueResult(batch, createExecutionContext());
}
const ids = async (): Promise<string[]> => (await readLog()).map((row) => row.entry.id);

describe('a batch of the audit queue', () => {
  it('becomes rows of the log, in its order', async () => {
    const result = await deliver([entry('one1'), entry('two2'), entry('three')]);
    expect(result.ackAll).toBe(true);
    expect(await ids()).toEqual(['au_one1', 'au_two2', 'au_three']);
    expect(await verifyLog()).toEqual([]);
  });

  it('is stored once, however often it comes', async () => {
    await deliver([entry('two2'), entry('four'), entry('four')]);
    await deliver([entry('one1'), entry('four')]);
    expect(await ids()).toEqual(['au_one1', 'au_two2', 'au_three', 'au_four']);
    expect(await verifyLog()).toEqual([]);
  });

  it('is stored whole and once when several consumers race', async () => {
    const race = Array.from({ length: 6 }, (_, consumer) =>
      deliver(Array.from({ length: 5 }, (__, index) => entry(`race${consumer}${index}`))),
    );
    // Two of them carry the very same messages.
    await Promise.all([...race, deliver(Array.from({ length: 5 }, (_, index) => entry(`race0${index}`)))]);
    expect(new Set(await ids()).size).toBe(4 + 30);
    expect(await ids()).toHaveLength(4 + 30);
    expect(await verifyLog()).toEqual([]);
  });

  it('keeps what is no entry beside the log, says so, and stores the rest', async () => {
    const complaint = silenced();
    const result = await deliver([entry('good'), { nonsense: true }]);
    expect(result.ackAll).toBe(true);
    expect(await ids()).toContain('au_good');
    expect(await countPending(env.DB)).toEqual({ waiting: 0, unreadable: 1 });
    expect(complaint.mock.calls.join()).toContain('It is no audit entry');
  });

  /** As long as the headers of a request may be. */
  const HUGE = '"'.repeat(16_000);

  it('is stored whole however long its entries are, and so is what the queue gave up on', async () => {
    silenced();
    const long = (name: string) => Array.from({ length: 50 }, (_, index) => entry(`${name}${index}`, { reason: HUGE }));
    expect((await deliver(long('long'), 'footlight-audit', { ...env, DB: strict })).ackAll).toBe(true);
    expect((await ids()).filter((id) => id.startsWith('au_long'))).toHaveLength(50);
    expect((await deliver(long('deadlong'), 'footlight-audit-dead', { ...env, DB: strict })).ackAll).toBe(true);
    expect((await ids()).filter((id) => id.startsWith('au_deadlong'))).toHaveLength(50);
    expect(await verifyLog()).toEqual([]);
  }, 20_000);

  it('has of a text that came from outside only what the log has room for', async () => {
    const facts = { name: `${'x'.repeat(1998)}😀y`, many: Array.from({ length: 60 }, () => 'much') };
    await leaveTrace(env, entry('cuts', { reason: HUGE, before: facts, target: { type: 'door', id: HUGE } }));
    const [row] = await logWith(1, (one) => one.entry.id === 'au_cuts');
    expect(row!.facts!.reason).toHaveLength(500);
    expect(row!.facts!.before!.name).toBe(`${'x'.repeat(1998)}…`);
    expect(row!.facts!.before!.many).toHaveLength(50);
    expect(row!.entry.target!.id).toHaveLength(2000);
  });

  it('keeps what it says of an id that never was: only who was erased is not spoken of', async () => {
    const nobody = entry('nobody', { target: { type: 'user', id: 'us_typo' }, reason: 'there is nobody of that name' });
    await sqlOn(
      "INSERT INTO users (id, handle, name, platform_role, created_at_ms, erased_at_ms) VALUES ('us_gone', 'erased-1', 'Somebody who left', 'viewer', 1, 2)",
    );
    const gone = entry('gone', { target: { type: 'user', id: 'us_gone' }, reason: 'Gone had asked for it' });
    await deliver([nobody, gone]);
    const [told, untold] = (await readLog()).slice(-2);
    expect(told).toMatchObject({ entry: { target: { id: 'unknown' } }, facts: { reason: nobody.reason } });
    expect(untold).toMatchObject({ entry: { target: { id: 'unknown' } }, facts: { reason: null, before: null } });
  });

  it('is not kept back by what waits and fits the log no more: that is set aside', async () => {
    const complaint = vi.spyOn(console, 'error');
    const { unreadable } = await countPending(env.DB);
    const waits = (id: string, body: string, ms: number) =>
      sqlOn(`INSERT INTO audit_pending (id, body, problem, kept_at_ms) VALUES ('${id}', '${body}', NULL, ${ms})`);
    await waits('older', '{"action":"a word of yesterday"}', 1);
    await waits('broken', '{"id":', 2);
    await waits('au_fits', JSON.stringify(entry('fits')), 3);
    await chainWaiting(env);
    expect((await ids()).at(-1)).toBe('au_fits');
    expect((await countPending(env.DB)).unreadable).toBe(unreadable + 2);
    expect(complaint.mock.calls.join()).toContain('Audit entry older is kept');
  });

  it('is never taken by a queue that nobody knows', async () => {
    await expect(deliver([entry('lost')], 'elsewhere')).rejects.toThrow('No consumer');
  });
});

describe('the tables of the log', () => {
  it('refuse every change and every deletion', async () => {
    for (const statement of [
      "UPDATE audit_events SET entry = '{}'",
      'DELETE FROM audit_events WHERE seq = 1',
      "UPDATE audit_details SET facts = '{}'",
      "UPDATE audit_details SET facts = NULL, salt = NULL WHERE entry_id = 'au_one1'",
      'DELETE FROM audit_details',
    ]) {
      await expect(sqlOn(statement), statement).rejects.toThrow(/append-only|only be blanked/);
    }
    expect(await verifyLog()).toEqual([]);
  });
});

describe('when something is away', () => {
  const away = () => sqlOn('ALTER TABLE audit_events RENAME TO audit_events_away');
  const back = () => sqlOn('ALTER TABLE audit_events_away RENAME TO audit_events');

  it('a batch that cannot be stored comes again, and then is', async () => {
    silenced();
    await away();
    const result = await deliver([entry('again1'), entry('again2')]);
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(['0', '1']);
    await back();
    await deliver([entry('again1'), entry('again2')]);
    expect((await ids()).slice(-2)).toEqual(['au_again1', 'au_again2']);
  });

  it('an entry that the queue refuses is kept and chained by the next run, and nobody is failed', async () => {
    const complaint = silenced();
    const refusing = {
      send: async () => {
        throw new Error('the queue is full');
      },
    } as unknown as Queue<AuditEntry>;
    await leaveTrace({ DB: env.DB, AUDIT: refusing }, entry('refused'));
    expect(complaint.mock.calls.join()).toContain('the queue is full');
    expect(await ids()).not.toContain('au_refused');
    expect((await countPending(env.DB)).waiting).toBe(1);
    await chainWaiting(env);
    expect((await ids()).at(-1)).toBe('au_refused');
    expect((await countPending(env.DB)).waiting).toBe(0);
  });

  it('a dead letter is kept, and chained when the log is back', async () => {
    silenced();
    await away();
    const result = await deliver([entry('dead1'), entry('dead2')], 'footlight-audit-dead');
    expect(result.ackAll).toBe(true);
    expect((await countPending(env.DB)).waiting).toBe(2);
    await back();
    await deliver([entry('alive')]);
    expect((await ids()).slice(-3)).toEqual(['au_alive', 'au_dead1', 'au_dead2']);
    expect((await countPending(env.DB)).waiting).toBe(0);
    expect(await verifyLog()).toEqual([]);
  });

  it('no interaction is failed and no row is lost while the consumer is away past every retry', async () => {
    silenced();
    await away();
    const opened: string[] = [];
    for (let index = 0; index < 5; index++) opened.push((await openStream('ada', { title: `Stream ${index}` })).id);
    for (const id of opened) expect((await as('ada', 'DELETE', `/api/v1/streams/${id}`)).status).toBe(204);
    // The queue of this runtime gives up after its four tries; the consumer of the dead letters keeps all ten.
    await expect.poll(async () => (await countPending(env.DB)).waiting, { timeout: 25_000 }).toBe(10);
    await back();
    const last = await openStream('ben');
    const isMine = ({ entry: { target } }: { entry: { target: { id: string } | null } }) =>
      [...opened, last.id].includes(target?.id ?? '');
    const rows = await logWith(11, isMine);
    expect(rows).toHaveLength(11);
    for (const id of opened) {
      const mine = rows.filter((row) => row.entry.target?.id === id).map((row) => row.entry.action);
      expect(mine.sort()).toEqual(['stream.created', 'stream.ended']);
    }
    expect(await verifyLog()).toEqual([]);
  }, 45_000);
});

describe('an entry that comes late', () => {
  it('says nothing of somebody who was forgotten meanwhile, even where it names them in its facts alone', async () => {
    await keepUser(env.DB, { id: 'us_gone00' as UserId, handle: 'gone00', name: 'Gone', platformRole: 'viewer' }, 1);
    await sqlOn("UPDATE users SET erased_at_ms = 5 WHERE id = 'us_gone00'");
    const about = { action: 'message.denied' as const, target: { type: 'message' as const, id: 'ms_abcd' } };
    await deliver([
      entry('held1', { ...about, before: null, after: { streamId: 'st_abcd', authorId: 'us_gone00' } }),
      entry('held2', { ...about, after: null, before: { authorId: 'us_gone00' } }),
      entry('held3', { ...about, before: null, after: null, reason: 'us_gone00 wanted it' }),
      entry('held4', { ...about, before: null, after: { streamId: 'st_abcd', authorId: 'us_ada0' } }),
    ]);
    const rows = (await readLog()).filter((row) => row.entry.id.startsWith('au_held'));
    expect(rows.map(({ facts }) => facts?.after?.authorId ?? null)).toEqual([null, null, null, 'us_ada0']);
    expect(JSON.stringify(rows)).not.toContain('us_gone00');
    expect(await verifyLog()).toEqual([]);
  });
});
