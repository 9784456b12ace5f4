// Which node takes a new session: a healthy one with room, near if possible, the least loaded of those.
import type { NodeId } from '../../protocol/ids.ts';
import { type FleetNode, healthOf } from './health.ts';

/** The cheapest ladder a session can be given; the node decides on the rest and refuses what it cannot carry. */
export const SESSION_UNITS = 0.25;

/** Units promised to a session that its node's heartbeats do not count yet. */
export interface Reservation {
  nodeId: NodeId;
  units: number;
  untilMs: number;
}

export interface PlacementAsk {
  units: number;
  /** Where the encoder is; null when nobody knows. */
  region: string | null;
  /** Nodes that have refused this session already. */
  excluded: readonly NodeId[];
}

/** Null: no node has room. */
export function placeSession(
  nodes: readonly FleetNode[],
  reservations: readonly Reservation[],
  ask: PlacementAsk,
  nowMs: number,
): FleetNode | null {
  const candidates = nodes
    .filter((node) => healthOf(node, nowMs) === 'healthy' && !ask.excluded.includes(node.nodeId))
    .map((node) => ({ node, used: node.usedUnits + reservedOn(node.nodeId, reservations, nowMs) }))
    .filter(({ node, used }) => used + ask.units <= node.capacityUnits);
  const near = candidates.filter(({ node }) => node.region === ask.region);
  const [best] = (near.length > 0 ? near : candidates).sort(
    (a, b) => a.used / a.node.capacityUnits - b.used / b.node.capacityUnits || (a.node.nodeId < b.node.nodeId ? -1 : 1),
  );
  return best?.node ?? null;
}

const reservedOn = (nodeId: NodeId, reservations: readonly Reservation[], nowMs: number): number =>
  reservations
    .filter((reservation) => reservation.nodeId === nodeId && reservation.untilMs > nowMs)
    .reduce((sum, { units }) => sum + units, 0);
