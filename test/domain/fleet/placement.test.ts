import { describe, expect, it } from 'vitest';
import { type FleetNode, healthOf } from '../../../src/domain/fleet/health.ts';
import { placeSession, type Reservation } from '../../../src/domain/fleet/placement.ts';
import { NodeId } from '../../../src/protocol/ids.ts';

const NOW_MS = 1_900_000_000_000;

const node = (name: string, overrides: Partial<FleetNode> = {}): FleetNode => ({
  nodeId: NodeId.parse(`nd_${name}`),
  controlUrl: `http://${name}.test`,
  rtmpUrl: `rtmp://${name}.test/live`,
  region: 'eu',
  capacityUnits: 4,
  usedUnits: 0,
  draining: false,
  heardAtMs: NOW_MS,
  ...overrides,
});

const place = (
  nodes: FleetNode[],
  { reservations = [] as Reservation[], units = 1, region = null as string | null, excluded = [] as NodeId[] } = {},
) => placeSession(nodes, reservations, { units, region, excluded }, NOW_MS)?.nodeId ?? null;

describe('placing a session', () => {
  it('prefers the least loaded node', () => {
    expect(place([node('busy', { usedUnits: 3 }), node('idle', { usedUnits: 1 })])).toBe('nd_idle');
  });

  it('measures load against capacity', () => {
    expect(
      place([node('small', { usedUnits: 1, capacityUnits: 2 }), node('large', { usedUnits: 4, capacityUnits: 16 })]),
    ).toBe('nd_large');
  });

  it('prefers a node nearby, and goes far when nearby is full', () => {
    const far = node('near', { region: 'eu', usedUnits: 3 });
    expect(place([far, node('away', { region: 'us' })], { region: 'eu' })).toBe('nd_near');
    expect(place([{ ...far, usedUnits: 4 }, node('away', { region: 'us' })], { region: 'eu' })).toBe('nd_away');
  });

  it('counts what was promised and is not reported yet', () => {
    const reservations = [{ nodeId: NodeId.parse('nd_only'), units: 3.5, untilMs: NOW_MS + 1 }];
    expect(place([node('only')], { reservations })).toBeNull();
    expect(place([node('only')], { reservations: [{ ...reservations[0]!, untilMs: NOW_MS }] })).toBe('nd_only');
  });

  it('gives nothing new to a node that drains, is lost, or has refused', () => {
    expect(place([node('drains', { draining: true })])).toBeNull();
    expect(place([node('silent', { heardAtMs: NOW_MS - 10_001 })])).toBeNull();
    expect(place([node('refused')], { excluded: [NodeId.parse('nd_refused')] })).toBeNull();
    expect(place([])).toBeNull();
  });

  it('chooses the same node for the same fleet, in whatever order it is listed', () => {
    expect(place([node('bbbb'), node('aaaa')])).toBe(place([node('aaaa'), node('bbbb')]));
  });

  it('never fills a node over its capacity, and never refuses while a fit node has room', () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    for (let round = 0; round < 2000; round++) {
      const nodes = Array.from({ length: Math.floor(random() * 6) }, (_, index) =>
        node(`node${index}`, {
          capacityUnits: Math.floor(random() * 8),
          usedUnits: Math.floor(random() * 8) / 2,
          draining: random() < 0.2,
          heardAtMs: NOW_MS - random() * 12_000,
          region: random() < 0.5 ? 'eu' : 'us',
        }),
      );
      const reservations: Reservation[] = [];
      for (let session = 0; session < 20; session++) {
        const units = Math.ceil(random() * 8) / 4;
        const ask = { units, region: random() < 0.5 ? 'eu' : null, excluded: [] };
        const room = (one: FleetNode) =>
          one.capacityUnits -
          one.usedUnits -
          reservations.filter(({ nodeId }) => nodeId === one.nodeId).reduce((sum, r) => sum + r.units, 0);
        const fit = nodes.filter((one) => healthOf(one, NOW_MS) === 'healthy' && room(one) >= units);
        const chosen = placeSession(nodes, reservations, ask, NOW_MS);
        expect(chosen === null, `seed ${seed}`).toBe(fit.length === 0);
        if (!chosen) continue;
        expect(
          fit.map(({ nodeId }) => nodeId),
          `seed ${seed}`,
        ).toContain(chosen.nodeId);
        reservations.push({ nodeId: chosen.nodeId, units, untilMs: NOW_MS + 1 });
      }
    }
  });
});

function seededRandom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
