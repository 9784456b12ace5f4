import { describe, expect, it } from 'vitest';
import { endedSessions, healthOf, nodeFromHeartbeat } from '../../../src/domain/fleet/health.ts';
import { NodeId, SessionId } from '../../../src/protocol/ids.ts';
import { Heartbeat } from '../../../src/protocol/ingest.ts';

const NOW_MS = 1_900_000_000_000;
const nodeId = NodeId.parse('nd_one0');
const session = (name: string) => SessionId.parse(`se_${name}`);
const heartbeat = (overrides: Partial<Heartbeat> = {}) =>
  Heartbeat.parse({
    nodeId,
    controlUrl: 'http://one.test',
    rtmpUrl: 'rtmp://one.test/live',
    region: 'eu',
    capacityUnits: 4,
    usedUnits: 1,
    draining: false,
    sessions: [],
    ...overrides,
  });

describe('a node', () => {
  it('is healthy until it has been silent for more than ten seconds', () => {
    const node = nodeFromHeartbeat(heartbeat(), NOW_MS);
    expect(healthOf(node, NOW_MS + 10_000)).toBe('healthy');
    expect(healthOf(node, NOW_MS + 10_001)).toBe('lost');
  });

  it('drains when it says so, and is lost all the same when it falls silent', () => {
    const node = nodeFromHeartbeat(heartbeat({ draining: true }), NOW_MS);
    expect(healthOf(node, NOW_MS)).toBe('draining');
    expect(healthOf(node, NOW_MS + 10_001)).toBe('lost');
  });
});

describe('a session that a heartbeat does not list', () => {
  const placed = (name: string, placedAtMs: number, on = nodeId) => ({
    sessionId: session(name),
    nodeId: on,
    placedAtMs,
  });

  it('has ended, once the node has had time to report it', () => {
    const old = placed('gone', NOW_MS - 30_001);
    const fresh = placed('fresh', NOW_MS - 29_000);
    const listed = placed('runs', NOW_MS - 90_000);
    const beat = heartbeat({ sessions: [session('runs')] });
    expect(endedSessions([old, fresh, listed], beat, NOW_MS)).toEqual([session('gone')]);
  });

  it('says nothing about the sessions of other nodes', () => {
    const other = placed('other', NOW_MS - 90_000, NodeId.parse('nd_two0'));
    expect(endedSessions([other], heartbeat(), NOW_MS)).toEqual([]);
  });
});
