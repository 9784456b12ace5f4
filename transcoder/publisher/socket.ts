// The publish socket over `ws`: one connection to the stream's origin.
import { WebSocket } from 'ws';
import { MAX_FRAME_BYTES } from '../../src/protocol/wire.ts';

/** The members of a socket that the publisher uses. */
export interface PublishSocket {
  send(bytes: Uint8Array): void;
  bufferedAmount(): number;
  ping(): void;
  close(): void;
  /** At once, without a handshake. `onClose` follows. */
  terminate(): void;
}

export interface SocketHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  onPong(): void;
  /** Once, and the last call. `status`: the HTTP answer when the upgrade was refused. */
  onClose(reason: string, status: number | null): void;
}

export type ConnectPublish = (handlers: SocketHandlers) => PublishSocket;

const HANDSHAKE_MS = 5000;

/** Connects to `url` (ws: or wss:) with the node secret as bearer. */
export function connectPublish({ url, secret }: { url: string; secret: string }): ConnectPublish {
  return ({ onOpen, onMessage, onPong, onClose }) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${secret}` },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_FRAME_BYTES,
      // Media does not compress.
      perMessageDeflate: false,
    });
    let failure = 'the connection closed';
    let status: number | null = null;
    socket.on('open', onOpen);
    socket.on('message', (data, isBinary) => !isBinary && onMessage(data.toString()));
    socket.on('pong', onPong);
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? null;
      failure = `the edge answered ${status}`;
      response.resume();
      socket.terminate();
    });
    socket.on('error', (error) => {
      if (status === null) failure = error.message || 'the edge cannot be reached';
    });
    socket.on('close', (code, reason) =>
      onClose(code === 1006 ? failure : `${code} ${reason.toString()}`.trim(), status),
    );
    return {
      send: (bytes) => socket.send(bytes),
      bufferedAmount: () => socket.bufferedAmount,
      ping: () => socket.readyState === WebSocket.OPEN && socket.ping(),
      close: () => socket.close(1000),
      terminate: () => socket.terminate(),
    };
  };
}

/** Where a session publishes. */
export function publishUrl(
  edgeUrl: string,
  { stream, session, version }: { stream: string; session: string; version: number },
): string {
  const url = new URL('/api/v1/ingest/publish', edgeUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = new URLSearchParams({ stream, session, v: String(version) }).toString();
  return url.href;
}
