import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fleet } from '../../durable-objects/fleet.ts';
import { ChannelId, NodeId, SessionId } from '../../src/protocol/ids.ts';
import { Heartbeat } from '../../src/protocol/ingest.ts';

let count = 0;
let fleet: DurableObjectStub<Fleet>;

beforeEach(() => {
  fleet = env.FLEET.get(env.FLEET.idFromName(`fleet-${count++}`));
});
afterEach(() => vi.useRealTimers());

const heartbeat = (name: string, overrides: Partial<Heartbeat> = {}) =>
  Heartbeat.parse({
    nodeId: `nd_${name}`,
    controlUrl: `http://${name}.test`,
    rtmpUrl: `rtmp://${name}.test/live`,
    region: 'eu',
    capacityUnits: 1,
    usedUnits: 0,
    draining: false,
    sessions: [],
    ...overrides,
  });

const whipSession = (name: string, nodeName = 'one0') => ({
  sessionId: SessionId.parse(`se_${name}`),
  nodeId: NodeId.parse(`nd_${nodeName}`),
  controlUrl: `http://${nodeName}.test`,
  channelId: ChannelId.parse('ch_one0'),
  keyHash: 'abc',
});

const after = (ms: number) => vi.setSystemTime(Date.now() + ms);
const freeze = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });

describe('the fleet', () => {
  it('has no room before a node reported', async () => {
    expect(await fleet.place(null, [])).toBeNull();
    expect(await fleet.rtmpUrl()).toBeNull();
  });

  it('promises a node no more than it has, until its heartbeats count what was placed', async () => {
    freeze();
    await fleet.heartbeat(heartbeat('one0'));
    const placed = [];
    for (let index = 0; index < 5; index++) placed.push(await fleet.place(null, []));
    expect(placed.map((one) => one?.nodeId ?? null)).toEqual(['nd_one0', 'nd_one0', 'nd_one0', 'nd_one0', null]);
    after(4001);
    await fleet.heartbeat(heartbeat('one0', { usedUnits: 0.5 }));
    expect(await fleet.place(null, [])).toEqual({ nodeId: 'nd_one0', controlUrl: 'http://one0.test' });
  });

  it('places nothing on a node that has been silent for ten seconds', async () => {
    freeze();
    await fleet.heartbeat(heartbeat('one0'));
    after(10_001);
    expect(await fleet.place(null, [])).toBeNull();
    expect(await fleet.rtmpUrl()).toBeNull();
  });

  it('remembers its nodes and sessions when it is restarted', async () => {
    await fleet.heartbeat(heartbeat('one0'));
    await fleet.keepWhipSession(whipSession('aaaa'));
    await evictDurableObject(fleet);
    expect((await fleet.place(null, []))?.nodeId).toBe('nd_one0');
    expect(await fleet.findWhipSession('se_aaaa')).toEqual(whipSession('aaaa'));
  });

  it('forgets a session that was dropped, or that its node does not report any more', async () => {
    freeze();
    for (const name of ['dropped', 'gone', 'runs']) await fleet.keepWhipSession(whipSession(name));
    await fleet.dropWhipSession('se_dropped');
    await fleet.heartbeat(heartbeat('one0', { sessions: [SessionId.parse('se_runs')] }));
    expect(await fleet.findWhipSession('se_gone')).not.toBeNull();
    after(30_001);
    await fleet.heartbeat(heartbeat('one0', { sessions: [SessionId.parse('se_runs')] }));
    const known = await Promise.all(['dropped', 'gone', 'runs'].map((name) => fleet.findWhipSession(`se_${name}`)));
    expect(known.map((one) => one?.sessionId ?? null)).toEqual([null, null, 'se_runs']);
  });

  it('forgets a node that has been away for long, and its sessions with it', async () => {
    freeze();
    await fleet.heartbeat(heartbeat('one0'));
    await fleet.keepWhipSession(whipSession('aaaa'));
    after(11 * 60_000);
    await fleet.heartbeat(heartbeat('two0'));
    expect(await fleet.findWhipSession('se_aaaa')).toBeNull();
  });

  it('keeps ten thousand sessions at most, and the newest of them', async () => {
    await fleet.keepWhipSession(whipSession('oldest'));
    await runInDurableObject(fleet, (_fleet, { storage }) => {
      storage.sql.exec('UPDATE whip_sessions SET placed_at_ms = 0');
      storage.sql.exec(`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        INSERT INTO whip_sessions SELECT 'se_fill' || i, 'nd_one0', 'http://one0.test', 'ch_one0', 'abc', i FROM n`);
    });
    await fleet.keepWhipSession(whipSession('newest'));
    expect(await fleet.findWhipSession('se_oldest')).toBeNull();
    expect(await fleet.findWhipSession('se_fill1')).not.toBeNull();
    expect(await fleet.findWhipSession('se_newest')).not.toBeNull();
  });
});
