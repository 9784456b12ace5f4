import { runDurableObjectAlarm } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { logWith, verifyLog } from '../jobs/audit-support.ts';
import { Broadcast } from '../support/broadcast.ts';
import { connect, type Origin, openStream } from './publisher.ts';

async function broadcastOnce(origin: Origin, sessionId: string, broadcast: Broadcast, msn: number) {
  const publisher = await connect(origin, sessionId);
  publisher.send(...broadcast.opening(), ...broadcast.segment(msn));
  const seq = broadcast.next();
  publisher.send({ frame: { type: 'goodbye', seq, reason: 'encoder left' }, payload: new Uint8Array(0) });
  await publisher.stored(seq);
}

test('the life of a stream is in the audit log: started, interrupted, and ended when nobody came back', async () => {
  const { origin, streamId } = await openStream({ reconnectWindowSeconds: 1 });
  await broadcastOnce(origin, 'se_aaaa', new Broadcast(), 0);
  expect(await origin.state()).toBe('interrupted');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await runDurableObjectAlarm(origin);
  expect(await origin.state()).toBe('ended');
  const rows = await logWith(3, ({ entry }) => entry.target?.id === streamId);
  expect(rows.map(({ entry, facts }) => [entry.action, facts?.before?.state, facts?.after?.state])).toEqual([
    ['stream.started', 'waiting', 'live'],
    ['stream.interrupted', 'live', 'interrupted'],
    ['stream.ended', 'interrupted', 'ended'],
  ]);
  expect(rows[2]).toMatchObject({
    entry: { actor: { kind: 'system' } },
    facts: { reason: expect.stringMatching(/did not come back/) },
  });
  expect(await verifyLog()).toEqual([]);
});

test('an end by hand is left to the one who asked for it', async () => {
  const { origin, streamId } = await openStream();
  await broadcastOnce(origin, 'se_bbbb', new Broadcast(), 0);
  await origin.end();
  await logWith(2, ({ entry }) => entry.target?.id === streamId);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const rows = await logWith(2, ({ entry }) => entry.target?.id === streamId);
  expect(rows.map(({ entry }) => entry.action)).toEqual(['stream.started', 'stream.interrupted']);
});
