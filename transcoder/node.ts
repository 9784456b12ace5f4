// A transcoder node: its doors, its broadcasts, and its word to the fleet. Everything from outside is handed in.
import { FootlightError } from '../src/protocol/errors.ts';
import { mintId, NodeId, type SessionId } from '../src/protocol/ids.ts';
import {
  HEARTBEAT_SECONDS,
  PUBLISH_VERSION,
  type PublishGrant,
  type WhipAnswer,
  type WhipOffer,
} from '../src/protocol/ingest.ts';
import type { SteadyClock } from './clock.ts';
import type { Config } from './config.ts';
import { type ControlServer, createControlServer } from './control.ts';
import type { Edge } from './edge.ts';
import type { StartEncoder } from './encoder/events.ts';
import type { PublishDecision, PublishRequest, RtmpServer, RtmpServerOptions } from './ingest/rtmp/server.ts';
import type { Log } from './log.ts';
import type { Source } from './media.ts';
import { type ConnectPublish, connectPublish, publishUrl } from './publisher/socket.ts';
import { Publisher } from './publisher.ts';
import { createPlanner } from './session/plan.ts';
import { Session } from './session/session.ts';
import { Sessions } from './sessions.ts';

/** What the node asks of WebRTC. */
export interface WhipDoor {
  /** Throws a FootlightError for an offer that cannot be answered. */
  accept(ask: {
    sessionId: SessionId;
    offer: string;
    remoteAddress: string;
  }): Promise<{ answer: string; etag: string; source: Source }>;
  trickle(sessionId: SessionId, ifMatch: string, fragment: string): Promise<void> | void;
  remove(sessionId: SessionId): Promise<boolean> | boolean;
  close(): Promise<void> | void;
}

export interface NodeOptions {
  config: Config;
  edge: Edge;
  startEncoder: StartEncoder;
  createRtmpServer: (options: RtmpServerOptions<PublishGrant>) => RtmpServer;
  whip: WhipDoor;
  connect?: (url: string) => ConnectPublish;
  log: Log;
  clock: SteadyClock;
  random: () => number;
  randomBytes: (count: number) => Uint8Array;
  /** RTMPS certificates, already read. */
  tls: { key: string; cert: string } | null;
}

/** Held for a broadcast until its ladder is planned: a 720p source at the usual preset. */
const ASSUMED_UNITS = 0.65;
const MAX_SESSIONS = 100;
const DRAIN_MS = 5000;

export class TranscoderNode {
  readonly #options: NodeOptions;
  readonly #id: NodeId;
  readonly #sessions: Sessions;
  readonly #rtmp: RtmpServer;
  readonly #rtmps: RtmpServer | null;
  readonly #control: ControlServer;
  #heartbeat: NodeJS.Timeout | null = null;
  #isEdgeReachable = true;

  constructor(options: NodeOptions) {
    const { config, randomBytes, createRtmpServer, tls } = options;
    this.#options = options;
    this.#id = config.nodeId ?? NodeId.parse(mintId('nd', randomBytes(16)));
    this.#sessions = new Sessions({
      capacityUnits: config.capacityUnits,
      assumedUnits: ASSUMED_UNITS,
      maxSessions: MAX_SESSIONS,
    });
    const doorway: Omit<RtmpServerOptions<PublishGrant>, 'port'> = {
      host: config.host,
      authorize: (request) => this.#authorize(request),
      onPublish: (source, grant) => this.#begin(grant, source),
      onAbandoned: ({ sessionId }) => this.#sessions.remove(sessionId),
      onRefused: ({ remoteAddress, reason }) =>
        options.log.info('an encoder was not let in', { remoteAddress, reason }),
      now: options.clock.now,
    };
    this.#rtmp = createRtmpServer({ ...doorway, port: config.rtmpPort });
    this.#rtmps = config.rtmps && tls ? createRtmpServer({ ...doorway, port: config.rtmps.port, tls }) : null;
    this.#control = createControlServer({
      secret: config.nodeSecret,
      offer: (offer) => this.#acceptWhip(offer),
      patch: async (sessionId, { ifMatch, fragment }) => options.whip.trickle(sessionId, ifMatch, fragment),
      remove: async (sessionId) => options.whip.remove(sessionId),
      health: () => ({
        status: this.#sessions.isDraining ? 'draining' : 'ok',
        nodeId: this.#id,
        sessions: this.#sessions.ids.length,
        usedUnits: this.#sessions.usedUnits,
        capacityUnits: config.capacityUnits,
        edgeReachable: this.#isEdgeReachable,
      }),
      onFailure: (error) => options.log.error('the control door failed', { error: String(error) }),
    });
  }

  /** Opens the doors, then tells the fleet. Throws a sentence when a port is taken. */
  async start(): Promise<{ rtmpPort: number; controlPort: number }> {
    const { config } = this.#options;
    const rtmp = await named('RTMP', config.rtmpPort, 'RTMP_PORT', this.#rtmp.listen());
    if (this.#rtmps && config.rtmps) await named('RTMPS', config.rtmps.port, 'RTMPS_PORT', this.#rtmps.listen());
    const opening = this.#control.listen(config.host, config.controlPort);
    const control = await named('the control door', config.controlPort, 'CONTROL_PORT', opening);
    await this.#sendHeartbeat();
    this.#heartbeat = setInterval(() => void this.#sendHeartbeat(), HEARTBEAT_SECONDS * 1000);
    return { rtmpPort: rtmp.port, controlPort: control.port };
  }

  /** In reverse: no new work, let the encoders go, flush, close the doors. Bounded by DRAIN_MS and the doors' own limits. */
  async stop(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    const drained = this.#sessions.drain('The transcoder is shutting down; please reconnect.', DRAIN_MS);
    await this.#sendHeartbeat();
    await drained;
    await this.#control.close();
    await this.#options.whip.close();
    await Promise.all([this.#rtmp.close(), this.#rtmps?.close()]);
  }

  async #authorize({ streamKey, remoteAddress }: PublishRequest): Promise<PublishDecision<PublishGrant>> {
    const admission = this.#sessions.admission();
    if (!admission.ok) return { ok: false, description: admission.detail };
    try {
      const ask = { nodeId: this.#id, streamKey, protocol: 'rtmp', remoteAddress } as const;
      return await this.#sessions.whileHeld(async () => {
        const grant = await this.#options.edge.authorize(ask);
        this.#sessions.add(grant.sessionId);
        return { ok: true, grant };
      });
    } catch (error) {
      if (error instanceof FootlightError) return { ok: false, description: error.message };
      this.#options.log.error('the permission could not be asked', { error: String(error) });
      return { ok: false, description: 'Something broke inside the transcoder. Try again in a moment.' };
    }
  }

  async #acceptWhip({ grant, offer }: WhipOffer): Promise<WhipAnswer> {
    const admission = this.#sessions.admission();
    if (!admission.ok) {
      throw new FootlightError('no_capacity', admission.detail, { retryAfterSeconds: admission.retryAfterSeconds });
    }
    if (this.#sessions.has(grant.sessionId)) throw new FootlightError('conflict', 'This session has begun already.');
    this.#sessions.add(grant.sessionId);
    try {
      const { answer, etag, source } = await this.#options.whip.accept({
        ...{ sessionId: grant.sessionId, offer, remoteAddress: 'by way of the edge' },
      });
      this.#begin(grant, source);
      return { answer, etag };
    } catch (error) {
      this.#sessions.remove(grant.sessionId);
      throw error;
    }
  }

  #begin(grant: PublishGrant, source: Source): void {
    const { config, startEncoder, random, connect } = this.#options;
    const clock = this.#options.clock.now;
    const { sessionId, streamId } = grant;
    const log = this.#options.log.with({ session: sessionId, stream: streamId });
    const url = publishUrl(config.edgeUrl, { stream: streamId, session: sessionId, version: PUBLISH_VERSION });
    const publisher = new Publisher({
      connect: connect?.(url) ?? connectPublish({ url, secret: config.nodeSecret }),
      ...{ clock, random, log },
      onOver: (reason) => session.stop(reason),
    });
    const session = new Session({
      ...{ grant, source, publisher, startEncoder, clock, log },
      plan: createPlanner({
        settings: config.ladder,
        availableUnits: () => this.#sessions.availableFor(sessionId),
      }),
      allowsCopy: config.ladder.passthrough,
      onPlan: ({ costUnits }) => this.#sessions.setCost(sessionId, costUnits),
      onEnded: (reason) => {
        log.info('the broadcast is over', { reason });
        this.#sessions.remove(sessionId);
        if (source.protocol === 'whip') void this.#options.whip.remove(sessionId);
      },
    });
    this.#sessions.attach(sessionId, session);
    log.info('a broadcast begins', { protocol: source.protocol, remoteAddress: source.remoteAddress });
    publisher.start();
    session.start();
  }

  /** A lost one is no harm: the next follows in two seconds, and the fleet waits for five. */
  async #sendHeartbeat(): Promise<void> {
    const { config, edge, log, clock } = this.#options;
    if (this.#sessions.ids.length === 0) clock.adjust();
    try {
      await edge.heartbeat({
        nodeId: this.#id,
        controlUrl: config.publicControlUrl,
        rtmpUrl: config.publicRtmpUrl,
        region: config.region,
        capacityUnits: config.capacityUnits,
        usedUnits: this.#sessions.usedUnits,
        draining: this.#sessions.isDraining,
        sessions: this.#sessions.ids,
      });
      if (!this.#isEdgeReachable) log.info('the edge is reachable again');
      this.#isEdgeReachable = true;
    } catch (error) {
      if (this.#isEdgeReachable)
        log.warn('the heartbeat failed', { error: error instanceof Error ? error.message : String(error) });
      this.#isEdgeReachable = false;
    }
  }
}

/** A door that cannot open is told in one sentence. */
export class CannotListen extends Error {}

async function named<Opened>(what: string, port: number, variable: string, opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const cause = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be opened (${code ?? String(error)})`;
    throw new CannotListen(
      `Port ${port}, needed for ${what}, ${cause}: stop that program, or set ${variable} to another port.`,
    );
  }
}
