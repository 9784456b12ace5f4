// A WebSocket by hand over a plain TCP socket: nine thousand of them cost the measuring side as little as can be.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const UPGRADE_LIMIT_MS = 30_000;
const HEADERS_MAX_BYTES = 16_384;
/** One for all sockets: what is read is looked at before the next read. A buffer for each read is a gigabyte a second. */
const READ = Buffer.alloc(256 * 1024);

export class RawSocket {
  /** Each whole text, as bytes; good only until the call returns. */
  onText: (payload: Buffer) => void = () => undefined;
  onEnd: (why: string) => void = () => undefined;
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);
  private isOpen = false;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Rejects with the status where the upgrade is refused. What is said from the beginning on comes to `onText`. */
  static open({ port, path }: { port: number; path: string }, onText: (payload: Buffer) => void): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: READ,
          callback: (length: number) => {
            came(READ.subarray(0, length));
            return true;
          },
        },
      });
      const raw = new RawSocket(socket);
      raw.onText = onText;
      const limit = setTimeout(() => socket.destroy(new Error('no upgrade in time')), UPGRADE_LIMIT_MS);
      raw.onEnd = (why) => {
        clearTimeout(limit);
        reject(new Error(why));
      };
      socket.once('connect', () => socket.write(upgrade(port, path)));
      socket.on('error', (error) => raw.onEnd(error.message));
      socket.on('close', () => raw.onEnd('the connection is gone'));
      const came = (data: Buffer): void => {
        if (raw.isOpen) {
          raw.take(data);
          return;
        }
        raw.rest = Buffer.concat([raw.rest, data]);
        const end = raw.rest.indexOf('\r\n\r\n');
        if (end < 0) {
          if (raw.rest.length > HEADERS_MAX_BYTES) socket.destroy(new Error('no end of the headers'));
          return;
        }
        clearTimeout(limit);
        const head = raw.rest.toString('latin1', 0, end);
        if (!head.startsWith('HTTP/1.1 101')) {
          raw.onEnd(head.split('\r\n')[0] ?? 'no answer');
          socket.destroy();
          return;
        }
        const first = raw.rest.subarray(end + 4);
        raw.rest = EMPTY;
        raw.isOpen = true;
        raw.onEnd = () => undefined;
        resolve(raw);
        raw.take(first);
      };
    });
  }

  send(text: string): void {
    this.socket.write(masked(Buffer.from(text)));
  }

  destroy(): void {
    this.onEnd = () => undefined;
    this.socket.destroy();
  }

  /** RFC 6455 section 5.2. The room sends whole texts, and closes; a server's frames are not masked. */
  private take(data: Buffer): void {
    const bytes = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = bytes[at + 1]! & 0x7f;
      let head = 2;
      if (length === 126) {
        head = 4;
        if (bytes.length - at < head) break;
        length = bytes.readUInt16BE(at + 2);
      } else if (length === 127) {
        head = 10;
        if (bytes.length - at < head) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
      }
      if (bytes.length - at < head + length) break;
      const opcode = bytes[at]! & 0x0f;
      const payload = bytes.subarray(at + head, at + head + length);
      if (opcode === 1) this.onText(payload);
      else if (opcode === 8) this.onEnd(`closed: ${length > 2 ? payload.readUInt16BE(0) : ''} ${payload.subarray(2)}`);
      at += head + length;
    }
    // What is kept is copied: the next read writes over it.
    this.rest = at === bytes.length ? EMPTY : Buffer.from(bytes.subarray(at));
  }
}

const EMPTY = Buffer.alloc(0);

const upgrade = (port: number, path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');

/** Section 5.3: a client masks; with zeros it is the same bytes. */
function masked(payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
