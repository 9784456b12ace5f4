// The WHIP receiver of a node: offers in, sources out. It owns the sessions' ICE and DTLS until they end.
import { randomBytes, randomInt } from 'node:crypto';
import { FootlightError } from '../../../src/protocol/errors.ts';
import type { SessionId } from '../../../src/protocol/ids.ts';
import type { Source } from '../../media.ts';
import { openDatachannelTransport } from './datachannel-transport.ts';
import { writeAnswer } from './sdp/answer.ts';
import { planSession, type SessionPlan } from './sdp/plan.ts';
import { checkIfMatch, readTrickle } from './sdp/trickle.ts';
import type { OpenTransport, TransportOptions, WhipTransport } from './transport.ts';
import { WhipSource } from './whip-source.ts';

export interface WhipReceiverOptions extends Partial<TransportOptions> {
  /** More than this are refused with no_capacity. */
  maxSessions?: number;
  maxVideoBitsPerSecond?: number;
  connectTimeoutMs?: number;
  silenceTimeoutMs?: number;
  openTransport?: OpenTransport;
  /** Unix ms. */
  now?: () => number;
}

export interface AcceptedOffer {
  answer: string;
  /** Quoted, strong. */
  etag: string;
  source: Source;
}

export class WhipReceiver {
  readonly #transportOptions: TransportOptions;
  readonly #openTransport: OpenTransport;
  readonly #limits: {
    maxSessions: number;
    maxVideoBitsPerSecond: number;
    connectTimeoutMs: number;
    silenceTimeoutMs: number;
  };
  readonly #now: () => number;
  #sessions = new Map<
    SessionId,
    { source: WhipSource; plan: SessionPlan; etag: string; transport: WhipTransport | null }
  >();
  #isClosed = false;

  constructor(options: WhipReceiverOptions = {}) {
    const { bindAddress, udpPorts, publicAddresses = [], iceServers = [], gatheringTimeoutMs = 2000 } = options;
    this.#transportOptions = { bindAddress, udpPorts, publicAddresses, iceServers, gatheringTimeoutMs };
    this.#openTransport = options.openTransport ?? openDatachannelTransport;
    const {
      maxSessions = 50,
      maxVideoBitsPerSecond = 8_000_000,
      connectTimeoutMs = 15_000,
      silenceTimeoutMs = 10_000,
    } = options;
    this.#limits = { maxSessions, maxVideoBitsPerSecond, connectTimeoutMs, silenceTimeoutMs };
    this.#now = options.now ?? Date.now;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Throws invalid_sdp, unsupported_media, conflict or no_capacity. The source belongs to the caller, who starts it. */
  async accept(request: { sessionId: SessionId; offer: string; remoteAddress: string }): Promise<AcceptedOffer> {
    const { sessionId, offer, remoteAddress } = request;
    const plan = planSession(offer);
    if (this.#isClosed || this.#sessions.size >= this.#limits.maxSessions) {
      throw new FootlightError(
        'no_capacity',
        'This node takes no more WHIP sessions now. Try again in a few seconds.',
        { retryAfterSeconds: 5 },
      );
    }
    if (this.#sessions.has(sessionId)) {
      throw new FootlightError('conflict', 'This session has its answer already. Begin a new one with a new POST.');
    }
    const { maxVideoBitsPerSecond, connectTimeoutMs, silenceTimeoutMs } = this.#limits;
    const source = new WhipSource({
      plan,
      remoteAddress,
      ownSsrc: randomInt(1, 2 ** 32),
      maxVideoBitsPerSecond,
      connectTimeoutMs,
      silenceTimeoutMs,
      now: this.#now,
      onEnded: () => this.#sessions.delete(sessionId),
    });
    const session = {
      source,
      plan,
      etag: `"${randomBytes(12).toString('base64url')}"`,
      transport: null as WhipTransport | null,
    };
    this.#sessions.set(sessionId, session);
    try {
      const transport = await this.#openTransport(plan.transport, this.#transportOptions, {
        onConnected: () => source.connected(),
        onPacket: (packet) => source.receive(packet),
        onGone: (reason) => source.end(false, reason),
      });
      session.transport = transport;
      source.attach(transport);
      return { answer: writeAnswer(plan, transport.local, randomInt(1, 2 ** 47)), etag: session.etag, source };
    } catch (error) {
      source.end(false, 'The session could not be opened.');
      throw error;
    }
  }

  /** More candidates of the encoder (a WHIP PATCH). Throws not_found, precondition_required, stale_etag, invalid_sdp, unsupported_media. */
  trickle(sessionId: SessionId, ifMatch: string, fragment: string): void {
    const session = this.#sessions.get(sessionId);
    if (!session)
      throw new FootlightError('not_found', 'There is no such WHIP session: it has ended, or it is on another node.');
    checkIfMatch(ifMatch, session.etag);
    for (const candidate of readTrickle(fragment, session.plan.transport))
      session.transport?.addRemoteCandidate(candidate);
  }

  /** The encoder's DELETE: ends ICE at once. True the first time. */
  remove(sessionId: SessionId): boolean {
    const session = this.#sessions.get(sessionId);
    session?.source.end(true, 'The encoder ended the session.');
    return session !== undefined;
  }

  /** Ends every session; nothing is accepted afterwards. */
  close(): void {
    this.#isClosed = true;
    for (const { source } of [...this.#sessions.values()]) source.end(false, 'The node is shutting down.');
  }
}
