// A TCP port that nobody listens on at this moment, and that no outgoing connection takes before it is listened on.
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections (Linux from 32768, macOS from 49152). */
const FIRST = 20_000;
const COUNT = 12_000;
const ATTEMPTS_MAX = 50;

export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    // Who listens there may choose one address or all.
    if ((await isFree(port, '0.0.0.0')) && (await isFree(port, '127.0.0.1'))) return port;
  }
  throw new Error(`No free port was found between ${FIRST} and ${FIRST + COUNT} in ${ATTEMPTS_MAX} attempts.`);
}

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
