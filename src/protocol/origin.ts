// What routes may ask of a stream's LiveOrigin, and how it answers; all of it crosses Durable Object RPC as plain values.
import type { StreamState } from './api.ts';
import type { AuditEntry } from './audit.ts';
import type { ErrorCode } from './errors.ts';
import type { ChannelId, NodeId, SessionId, StreamId } from './ids.ts';
import type { IngestProtocol } from './ingest.ts';
import type { LatencyProfile } from './latency.ts';
import type { HealthReport } from './live.ts';

export interface OriginConfig {
  streamId: StreamId;
  channelId: ChannelId;
  latency: LatencyProfile;
  reconnectWindowSeconds: number;
  /** How much of the stream its playlists hold; a minute when it is not said. */
  windowSeconds?: number;
}

export interface Refusal {
  ok: false;
  code: ErrorCode;
  detail: string;
  retryAfterSeconds?: number;
  appealAt?: string;
}

/** `settled`: the answer can never change (blocking request that was met, or the stream has ended). */
export type PlaylistAnswer = { ok: true; body: string; settled: boolean } | Refusal;

/** Bytes from memory, or where they lie in R2. */
export type MediaAnswer =
  | { ok: true; at: 'memory'; body: Uint8Array }
  | { ok: true; at: 'store'; key: string; offset: number; length: number }
  | Refusal;

export interface LiveOriginRpc {
  /** Idempotent; called when the stream is made and when its settings change. */
  configure(config: OriginConfig): Promise<void>;
  /** May this session publish? Newest wins over a publisher from whom no media came for two seconds. */
  grantPublish(ask: {
    sessionId: SessionId;
    nodeId: NodeId;
    protocol: IngestProtocol;
  }): Promise<{ ok: true } | Refusal>;
  /** Cuts the publisher; the stream keeps its reconnect window. */
  disconnectPublisher(reason: 'key_revoked'): Promise<void>;
  /**
   * Ends the stream for good: ENDLIST, waiters released, the encoder let go. Idempotent; false when it had ended before.
   * `trace` is left by the call that ended it and by no other. `config`: for an origin that was never told of its stream.
   */
  end(wish?: { config?: OriginConfig; trace?: AuditEntry }): Promise<boolean>;
  /** The stream has ended: may a publish open the channel's next one? Not an encoder that was just cut off. */
  mayBeFollowed(): Promise<{ ok: true } | Refusal>;
  state(): Promise<StreamState>;
  report(): Promise<HealthReport>;
  multivariantPlaylist(): Promise<PlaylistAnswer>;
  /** `query` holds the _HLS_* directives as they came. Held until it can be answered, with a limit. */
  mediaPlaylist(rendition: string, query: Record<string, string>): Promise<PlaylistAnswer>;
  initSegment(rendition: string, generation: number): Promise<MediaAnswer>;
  segment(rendition: string, generation: number, msn: number): Promise<MediaAnswer>;
  /** Held when it is the part that is hinted now. */
  part(rendition: string, generation: number, msn: number, part: number): Promise<MediaAnswer>;
  poster(): Promise<MediaAnswer>;
}
