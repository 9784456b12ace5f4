// One socket of an encoder: feeds the session, carries out its effects, and never outlives it.
import type { Socket } from 'node:net';
import type { Source } from '../../media.ts';
import type { RtmpLimits } from './limits.ts';
import { RtmpSession, type SessionEffect } from './session.ts';
import { RtmpSource } from './source.ts';

export interface PublishRequest {
  app: string;
  streamKey: string;
  remoteAddress: string;
}

export type PublishDecision<Grant> = { ok: true; grant: Grant } | { ok: false; description: string };

export interface RefusedEvent {
  remoteAddress: string;
  reason: string;
}

export interface ConnectionOptions<Grant> {
  remoteAddress: string;
  limits: RtmpLimits;
  authorize: (request: PublishRequest) => Promise<PublishDecision<Grant>>;
  onPublish: (source: Source, grant: Grant) => void;
  /** The connection ended before the permission came. */
  onAbandoned: (grant: Grant) => void;
  /** The connection ended without having published. */
  onRefused: (event: RefusedEvent) => void;
  now: () => number;
  random: (count: number) => Uint8Array;
}

export class RtmpConnection<Grant> {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions<Grant>;
  readonly #session: RtmpSession;
  #source: RtmpSource | null = null;
  /** When a socket that was told to close is destroyed. */
  #lingerUntilMs = Number.POSITIVE_INFINITY;

  constructor(socket: Socket, options: ConnectionOptions<Grant>) {
    this.#socket = socket;
    this.#options = options;
    const { limits, random, now } = options;
    this.#session = new RtmpSession({ limits, random, nowMs: now() });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 10_000);
    socket.on('data', (bytes: Buffer) => this.#carryOut(this.#session.receive(bytes, now())));
    socket.on('end', () => this.#lose('the encoder closed the connection without a goodbye'));
    socket.on('error', (error) => this.#lose(`the connection broke: ${error.message}`));
    socket.on('close', () => this.#lose('the connection was lost'));
  }

  stop(reason: string): void {
    this.#carryOut(this.#session.stop(reason));
  }

  tick(): void {
    const nowMs = this.#options.now();
    if (nowMs >= this.#lingerUntilMs) this.#socket.destroy();
    else this.#carryOut(this.#session.tick(nowMs));
  }

  #carryOut(effects: SessionEffect[]): void {
    if (effects.length === 0) return;
    this.#socket.cork(); // all answers to what came together leave together
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#send(effect.bytes);
          break;
        case 'authorize':
          void this.#authorize(effect.app, effect.streamKey);
          break;
        case 'media':
          this.#source?.receive(effect.message, this.#options.now());
          break;
        case 'roundTrip':
          if (this.#source) this.#source.roundTripMs = effect.ms;
          break;
        case 'end':
          this.#end(effect.clean, effect.reason);
          break;
      }
    }
    this.#socket.uncork();
  }

  #send(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#options.limits.maxUnsentBytes) this.#socket.destroy();
  }

  /** Not a byte is read while the answer is awaited: TCP holds the encoder back. */
  async #authorize(app: string, streamKey: string): Promise<void> {
    const { onPublish, onAbandoned, remoteAddress, limits, now } = this.#options;
    this.#socket.pause();
    const decision = await this.#decide({ app, streamKey, remoteAddress });
    if (this.#session.hasEnded) {
      if (decision.ok) onAbandoned(decision.grant);
      return;
    }
    this.#socket.resume();
    if (!decision.ok) {
      this.#carryOut(this.#session.refuse(decision.description));
      return;
    }
    this.#source = new RtmpSource({
      remoteAddress,
      maxPendingBytes: limits.maxPendingBytes,
      onStop: (reason) => this.stop(reason),
      onUnusable: (reason) => this.#carryOut(this.#session.refuse(reason)),
      bytesReceived: () => this.#session.bytesReceived,
    });
    onPublish(this.#source, decision.grant);
    this.#carryOut(this.#session.allow(now()));
  }

  async #decide(request: PublishRequest): Promise<PublishDecision<Grant>> {
    try {
      return await this.#options.authorize(request);
    } catch {
      return UNDECIDED;
    }
  }

  #lose(reason: string): void {
    this.#carryOut(this.#session.stop(reason));
  }

  #end(clean: boolean, reason: string): void {
    this.#lingerUntilMs = this.#options.now() + this.#options.limits.lingerMs;
    // Reading on keeps the answer from being lost to a reset; what comes is thrown away.
    this.#socket.resume();
    // After a goodbye the encoder closes first: GStreamer calls it an error when the server is quicker.
    if (!clean) this.#socket.end();
    if (this.#source) this.#source.end(clean, reason);
    else this.#options.onRefused({ remoteAddress: this.#options.remoteAddress, reason });
  }
}

const UNDECIDED = {
  ok: false as const,
  description: 'The stream key could not be checked: the service cannot be reached. Try again in a moment.',
};
