// What one encoder may make the RTMP server spend: times, bytes and counts, all overridable.

export interface RtmpLimits {
  handshakeMs: number;
  /** From the end of the handshake to the publish command. */
  publishMs: number;
  /** For the answer to `authorize`. */
  authorizeMs: number;
  /** Without a whole media message, while publishing. */
  idleMs: number;
  /** For the encoder to close its side when all is said; after that the socket is destroyed. */
  lingerMs: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** One message, e.g. one key frame. */
  maxMessageBytes: number;
  maxChunkStreams: number;
  /** Of all messages of a connection that have begun and not ended. */
  maxBufferedBytes: number;
  /** Of events a source holds until somebody listens; and of messages held while the key is checked. */
  maxPendingBytes: number;
  /** Of answers that the encoder does not read. */
  maxUnsentBytes: number;
}

export const DEFAULT_RTMP_LIMITS: RtmpLimits = {
  handshakeMs: 5_000,
  publishMs: 10_000,
  authorizeMs: 10_000,
  idleMs: 15_000,
  lingerMs: 1_000,
  maxConnections: 200,
  maxConnectionsPerAddress: 20,
  maxMessageBytes: 8 * 1024 * 1024,
  maxChunkStreams: 64,
  maxBufferedBytes: 16 * 1024 * 1024,
  maxPendingBytes: 16 * 1024 * 1024,
  maxUnsentBytes: 256 * 1024,
};
