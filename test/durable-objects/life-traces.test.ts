import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { ChannelId, StreamId } from '../../src/protocol/ids.ts';
import { entry, logWith, verifyLog } from '../jobs/audit-support.ts';
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

test('an end by hand is told once, in the name of whoever ended it', async () => {
  const { origin, streamId } = await openStream();
  await broadcastOnce(origin, 'se_bbbb', new Broadcast(), 0);
  const asked = (name: string) => ({
    trace: entry(name, { action: 'stream.ended', target: { type: 'stream', id: streamId }, requestId: name }),
  });
  expect(await Promise.all([origin.end(asked('first')), origin.end(asked('other'))])).toEqual([true, false]);
  expect(await origin.end(asked('third'))).toBe(false);
  await logWith(3, (row) => row.entry.target?.id === streamId);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const rows = await logWith(3, (row) => row.entry.target?.id === streamId);
  expect(rows.map((row) => row.entry.action)).toEqual(['stream.started', 'stream.interrupted', 'stream.ended']);
  expect(rows[2]!.facts).toMatchObject({
    requestId: 'first',
    before: { state: 'interrupted' },
    after: { state: 'ended' },
  });
});

test('an origin that was never told of its stream hears of it with its end', async () => {
  const streamId = 'st_untold01' as StreamId;
  const origin = env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(streamId));
  expect(await origin.end()).toBe(false);
  const config = {
    streamId,
    channelId: 'ch_test0001' as ChannelId,
    latency: 'low',
    reconnectWindowSeconds: 60,
  } as const;
  expect(await origin.end({ config })).toBe(true);
  const [row] = await logWith(1, (one) => one.entry.target?.id === streamId);
  expect(row).toMatchObject({ entry: { action: 'stream.ended', actor: { kind: 'system' } } });
});
