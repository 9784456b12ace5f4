// Sends bytes to the product as nobody's HTTP library would, and reads what comes back.
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Lower-case names; of several with one name the last. */
  headers: Record<string, string>;
  body: string;
}

const ANSWER_LIMIT_MS = 15_000;
/** Our answers to bad requests are short; more than this is not read. */
const BODY_READ_BYTES = 64 * 1024;

/** A string is why there was no answer. The connection is closed afterwards, whatever it was. */
export function sendRaw(base: string, bytes: Buffer): Promise<RawAnswer | string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let received = Buffer.alloc(0);
    const end = (answer: RawAnswer | string): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => end(parse(received, true) ?? 'no answer in time'), ANSWER_LIMIT_MS);
    socket.on('data', (chunk) => {
      if (received.length < BODY_READ_BYTES) received = Buffer.concat([received, chunk]);
      const answer = parse(received, received.length >= BODY_READ_BYTES);
      if (answer) end(answer);
    });
    // A server that has refused a body may close before it has read all of it: what it said still counts.
    socket.on('error', (error) => end(parse(received, true) ?? `the connection broke: ${error.message}`));
    socket.on('close', () => end(parse(received, true) ?? 'closed without an answer'));
    socket.write(bytes);
  });
}

/** Null: there is more to come. `isAll`: there is not. */
function parse(received: Buffer, isAll: boolean): RawAnswer | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [first = '', ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = received.subarray(headEnd + 4);
  const isChunked = headers['transfer-encoding'] === 'chunked';
  const isWhole = isChunked
    ? rest.includes('0\r\n\r\n')
    : rest.length >= Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (!isWhole && !isAll) return null;
  return { status, headers, body: isChunked ? unchunked(rest) : rest.toString('utf8') };
}

function unchunked(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || !size) break;
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}
