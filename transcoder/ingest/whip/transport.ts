// What the receiver needs of a WebRTC stack: one bundled transport (ICE, DTLS, SRTP) that carries plain RTP and RTCP.
import type { LocalTransport } from './sdp/answer.ts';
import type { RemoteTransport } from './sdp/plan.ts';

export interface TransportEvents {
  onConnected(): void;
  /** One decrypted RTP or RTCP packet of any section of the bundle. */
  onPacket(packet: Uint8Array): void;
  /** The path is gone: ICE lost its consent, DTLS failed. Comes once, also before `onConnected`; not after close(). */
  onGone(reason: string): void;
}

export interface WhipTransport {
  /** Complete: gathering is done. */
  readonly local: LocalTransport;
  addRemoteCandidate(value: string): void;
  /** Sends one RTCP packet; false when nothing can be sent now. */
  send(packet: Uint8Array): boolean;
  /** Ends ICE at once: the other side notices by its consent checks. Idempotent. */
  close(): void;
}

export interface TransportOptions {
  /** One local address only; all when it is missing. */
  bindAddress?: string | undefined;
  /** UDP ports for media; begin = end shares one port between all sessions. Any free port when it is missing. */
  udpPorts?: { begin: number; end: number } | undefined;
  /** Addresses that encoders reach us at (NAT, containers), announced before the local ones, same ports. */
  publicAddresses: readonly string[];
  /** STUN and TURN servers as URLs. */
  iceServers: readonly string[];
  /** Gathering that takes longer is cut off: the answer carries what was found. */
  gatheringTimeoutMs: number;
}

/** Rejects with invalid_sdp when the stack does not take the remote side's words. */
export type OpenTransport = (
  remote: RemoteTransport,
  options: TransportOptions,
  events: TransportEvents,
) => Promise<WhipTransport>;
