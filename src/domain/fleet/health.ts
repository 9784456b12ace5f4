// How a node is doing, told from its last heartbeat.
import type { NodeId, SessionId } from '../../protocol/ids.ts';
import { type Heartbeat, NODE_LOST_SECONDS } from '../../protocol/ingest.ts';

/** A node as the fleet knows it. */
export interface FleetNode {
  nodeId: NodeId;
  controlUrl: string;
  rtmpUrl: string;
  region: string;
  capacityUnits: number;
  usedUnits: number;
  draining: boolean;
  heardAtMs: number;
}

export type NodeHealth = 'healthy' | 'draining' | 'lost';

/** A lost node is kept this long, so that a node that restarts under its name finds itself again. */
export const NODE_FORGOTTEN_MS = 10 * 60_000;

/** Draining: it keeps what it has and takes nothing new. Lost: it has not been heard for NODE_LOST_SECONDS. */
export function healthOf(node: FleetNode, nowMs: number): NodeHealth {
  if (nowMs - node.heardAtMs > NODE_LOST_SECONDS * 1000) return 'lost';
  return node.draining ? 'draining' : 'healthy';
}

export const nodeFromHeartbeat = ({ sessions: _sessions, ...heartbeat }: Heartbeat, nowMs: number): FleetNode => ({
  ...heartbeat,
  heardAtMs: nowMs,
});

/** A session that was placed on a node: known to the fleet before the node reports it. */
export interface PlacedSession {
  sessionId: SessionId;
  nodeId: NodeId;
  placedAtMs: number;
}

/** What a node does not report after this long has ended, or never began. */
const UNREPORTED_AFTER_MS = 30_000;

/** The sessions of this node that its heartbeat shows to be over. */
export const endedSessions = (placed: readonly PlacedSession[], heartbeat: Heartbeat, nowMs: number): SessionId[] =>
  placed
    .filter(({ nodeId, placedAtMs }) => nodeId === heartbeat.nodeId && nowMs - placedAtMs > UNREPORTED_AFTER_MS)
    .filter(({ sessionId }) => !heartbeat.sessions.includes(sessionId))
    .map(({ sessionId }) => sessionId);
