// The fleet: one object that knows every transcoder node, what it carries, and which node holds which WHIP session.
import { DurableObject } from 'cloudflare:workers';
import {
  endedSessions,
  type FleetNode,
  healthOf,
  NODE_FORGOTTEN_MS,
  nodeFromHeartbeat,
} from '../src/domain/fleet/health.ts';
import { placeSession, type Reservation, SESSION_UNITS } from '../src/domain/fleet/placement.ts';
import type { ChannelId, NodeId, SessionId } from '../src/protocol/ids.ts';
import { HEARTBEAT_SECONDS, type Heartbeat } from '../src/protocol/ingest.ts';

/** A WHIP session as the edge must know it to relay PATCH and DELETE. */
export interface WhipSession {
  sessionId: SessionId;
  nodeId: NodeId;
  controlUrl: string;
  channelId: ChannelId;
  /** Hash of the key that opened it: its sender may close it even after the key was rotated. */
  keyHash: string;
}

export interface Placement {
  nodeId: NodeId;
  controlUrl: string;
}

/** Far above what one fleet carries: nodes beyond are not considered, of the sessions the oldest give way. */
const MAX_NODES = 500;
const MAX_SESSIONS = 10_000;
/** Two heartbeats on, the node counts the session itself. */
const RESERVATION_MS = 2 * HEARTBEAT_SECONDS * 1000;

export class Fleet extends DurableObject<Env> {
  /** In memory only: after an eviction the nodes' own refusal stands in for the few seconds that matter. */
  private reservations: Reservation[] = [];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS nodes (node_id TEXT PRIMARY KEY, heard_at_ms INTEGER NOT NULL, node TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS whip_sessions (
        session_id TEXT PRIMARY KEY, node_id TEXT NOT NULL, control_url TEXT NOT NULL, channel_id TEXT NOT NULL,
        key_hash TEXT NOT NULL, placed_at_ms INTEGER NOT NULL
      );
    `);
  }

  async heartbeat(heartbeat: Heartbeat): Promise<void> {
    const nowMs = Date.now();
    const { sql } = this.ctx.storage;
    const node = nodeFromHeartbeat(heartbeat, nowMs);
    sql.exec('INSERT OR REPLACE INTO nodes VALUES (?, ?, ?)', node.nodeId, nowMs, JSON.stringify(node));
    for (const sessionId of endedSessions(this.sessionsOn(node.nodeId), heartbeat, nowMs)) {
      sql.exec('DELETE FROM whip_sessions WHERE session_id = ?', sessionId);
    }
    this.forgetOldNodes(nowMs);
  }

  /** Picks a node and keeps room on it until its heartbeats show the session. Null: no node has room. */
  async place(region: string | null, excluded: NodeId[]): Promise<Placement | null> {
    const nowMs = Date.now();
    this.reservations = this.reservations.filter(({ untilMs }) => untilMs > nowMs);
    const ask = { units: SESSION_UNITS, region, excluded };
    const node = placeSession(this.knownNodes(), this.reservations, ask, nowMs);
    if (!node) return null;
    this.reservations.push({ nodeId: node.nodeId, units: SESSION_UNITS, untilMs: nowMs + RESERVATION_MS });
    return { nodeId: node.nodeId, controlUrl: node.controlUrl };
  }

  /** Where encoders reach RTMP: the least loaded node that takes new work; null while there is none. */
  async rtmpUrl(): Promise<string | null> {
    const nowMs = Date.now();
    const healthy = this.knownNodes().filter((node) => healthOf(node, nowMs) === 'healthy');
    return healthy.sort((a, b) => a.usedUnits - b.usedUnits)[0]?.rtmpUrl ?? null;
  }

  async keepWhipSession({ sessionId, nodeId, controlUrl, channelId, keyHash }: WhipSession): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec(
      'INSERT OR REPLACE INTO whip_sessions VALUES (?, ?, ?, ?, ?, ?)',
      sessionId,
      nodeId,
      controlUrl,
      channelId,
      keyHash,
      Date.now(),
    );
    sql.exec(
      'DELETE FROM whip_sessions WHERE session_id IN (SELECT session_id FROM whip_sessions ORDER BY placed_at_ms DESC LIMIT -1 OFFSET ?)',
      MAX_SESSIONS,
    );
  }

  async findWhipSession(sessionId: string): Promise<WhipSession | null> {
    const [row] = this.ctx.storage.sql.exec('SELECT * FROM whip_sessions WHERE session_id = ?', sessionId).toArray();
    if (!row) return null;
    return {
      sessionId: row.session_id as SessionId,
      nodeId: row.node_id as NodeId,
      controlUrl: row.control_url as string,
      channelId: row.channel_id as ChannelId,
      keyHash: row.key_hash as string,
    };
  }

  async dropWhipSession(sessionId: string): Promise<void> {
    this.ctx.storage.sql.exec('DELETE FROM whip_sessions WHERE session_id = ?', sessionId);
  }

  private knownNodes(): FleetNode[] {
    const rows = this.ctx.storage.sql.exec<{ node: string }>(
      'SELECT node FROM nodes ORDER BY heard_at_ms DESC LIMIT ?',
      MAX_NODES,
    );
    return rows.toArray().map(({ node }) => JSON.parse(node));
  }

  private sessionsOn(nodeId: NodeId) {
    const rows = this.ctx.storage.sql.exec<{ session_id: string; placed_at_ms: number }>(
      'SELECT session_id, placed_at_ms FROM whip_sessions WHERE node_id = ?',
      nodeId,
    );
    return rows.toArray().map((row) => ({
      sessionId: row.session_id as SessionId,
      nodeId,
      placedAtMs: row.placed_at_ms,
    }));
  }

  /** With a node go its sessions: nobody could be reached for them. */
  private forgetOldNodes(nowMs: number): void {
    const { sql } = this.ctx.storage;
    sql.exec('DELETE FROM nodes WHERE heard_at_ms < ?', nowMs - NODE_FORGOTTEN_MS);
    sql.exec('DELETE FROM whip_sessions WHERE node_id NOT IN (SELECT node_id FROM nodes)');
  }
}
