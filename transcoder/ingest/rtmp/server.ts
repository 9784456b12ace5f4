// The RTMP(S) door: takes encoders in, lets each publish once its key is known to be good, and keeps the caps.
import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Source } from '../../media.ts';
import { type PublishDecision, type PublishRequest, type RefusedEvent, RtmpConnection } from './connection.ts';
import { DEFAULT_RTMP_LIMITS, type RtmpLimits } from './limits.ts';

export type { PublishDecision, PublishRequest, RefusedEvent } from './connection.ts';

export interface RtmpServerOptions<Grant> {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** PEM; makes the door RTMPS. */
  tls?: { key: string; cert: string };
  /** Asked before the encoder is told that it may publish; a rejection refuses it. */
  authorize: (request: PublishRequest) => Promise<PublishDecision<Grant>>;
  /** Call `source.start` soon: events wait for it, up to `maxPendingBytes`. */
  onPublish: (source: Source, grant: Grant) => void;
  /** The encoder had gone when its key was known to be good. */
  onAbandoned?: (grant: Grant) => void;
  /** Connections that ended without having published. */
  onRefused?: (event: RefusedEvent) => void;
  limits?: Partial<RtmpLimits>;
  /** Unix ms. */
  now?: () => number;
}

export interface RtmpServer {
  /** Rejects with the error of the socket, e.g. EADDRINUSE. */
  listen(): Promise<{ port: number }>;
  /** Takes no more encoders and lets those go that are here. */
  close(): Promise<void>;
  connections(): number;
}

/** How exact the time limits are. */
const TICK_MS = 100;

export function createRtmpServer<Grant>(options: RtmpServerOptions<Grant>): RtmpServer {
  const { onRefused = () => {}, onAbandoned = () => {}, now = Date.now } = options;
  const limits = { ...DEFAULT_RTMP_LIMITS, ...options.limits };
  const connections = new Set<RtmpConnection<Grant>>();
  /** Every open socket, also during the TLS handshake, by its remote address. */
  const sockets = new Map<Socket, string>();
  let ticking: NodeJS.Timeout | null = null;

  const server = options.tls
    ? createTlsServer({ ...options.tls, handshakeTimeout: limits.handshakeMs })
    : createServer();
  server.on('connection', admit);
  if (options.tls) {
    server.on('secureConnection', converse);
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      onRefused({ remoteAddress: addressOf(socket), reason: `the TLS handshake failed: ${error.message}` });
      socket.destroy();
    });
  }

  function admit(socket: Socket): void {
    const remoteAddress = addressOf(socket);
    // The peer may be gone by now; and a reset during the TLS handshake must not become an uncaught error.
    socket.on('error', () => socket.destroy());
    const refusal = refuseByCount(remoteAddress);
    if (refusal) {
      socket.destroy();
      onRefused({ remoteAddress, reason: refusal });
      return;
    }
    sockets.set(socket, remoteAddress);
    socket.on('close', () => sockets.delete(socket));
    if (!options.tls) converse(socket);
  }

  function refuseByCount(remoteAddress: string): string | null {
    if (sockets.size >= limits.maxConnections) return 'the server has no room for another connection';
    let fromThere = 0;
    for (const address of sockets.values()) if (address === remoteAddress) fromThere += 1;
    return fromThere >= limits.maxConnectionsPerAddress ? 'too many connections from this address' : null;
  }

  function converse(socket: Socket): void {
    const { authorize, onPublish } = options;
    const remoteAddress = addressOf(socket);
    const connection = new RtmpConnection(socket, {
      remoteAddress,
      limits,
      authorize,
      onPublish,
      onAbandoned,
      onRefused,
      now,
      random: randomBytes,
    });
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  }

  return {
    async listen() {
      const port = await startListening(server, options.host, options.port);
      ticking = setInterval(() => {
        for (const connection of connections) connection.tick();
      }, TICK_MS);
      return { port };
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.stop('The server is shutting down.');
      const force = setTimeout(() => {
        for (const socket of sockets.keys()) socket.destroy();
      }, limits.lingerMs);
      await closed;
      clearTimeout(force);
      // The server may be closed a moment before its last sockets say so.
      sockets.clear();
      if (ticking) clearInterval(ticking);
    },
    connections: () => sockets.size,
  };
}

/** A server on `::` sees IPv4 encoders as ::ffff:192.0.2.1. */
const addressOf = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:/, '');

function startListening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // Errors of accept (no file descriptors left) pass: the next connection may succeed.
      server.on('error', () => {});
      resolve((server.address() as AddressInfo).port);
    });
  });
}
