// What a JavaScript heap really holds: right after a collection, asked of its inspector. Resident memory also counts garbage.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const OPEN_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 10_000;

/** Set before a Node process starts: its inspector opens on a free port when it is asked to, and says in its log where. */
export const INSPECTABLE = '--inspect-port=127.0.0.1:0';

export interface LiveHeap {
  /** Megabytes on the heap and in the buffers beside it that are still reachable. */
  measure(): Promise<number>;
  close(): void;
}

/** Of a Node process that was started with INSPECTABLE. */
export async function openNodeHeap(pid: number, readLog: () => string): Promise<LiveHeap> {
  process.kill(pid, 'SIGUSR1');
  const found = await within(async () => /Debugger listening on (ws:\S+)/.exec(readLog())?.[1]);
  return openHeap(found);
}

/** Of one isolate of a workerd that has its inspector on this port. */
export async function openIsolateHeap(port: number, name: string): Promise<LiveHeap> {
  const found = await within(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json`).catch(() => null);
    const isolates = ((await answer?.json()) ?? []) as { id: string; webSocketDebuggerUrl: string }[];
    return isolates.find(({ id }) => id === name)?.webSocketDebuggerUrl;
  });
  return openHeap(found);
}

async function within(look: () => Promise<string | undefined>): Promise<string> {
  for (const deadline = Date.now() + OPEN_LIMIT_MS; Date.now() < deadline; await sleep(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`The inspector did not open within ${OPEN_LIMIT_MS} ms.`);
}

async function openHeap(url: string): Promise<LiveHeap> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let count = 0;
  const ask = (method: string): Promise<Record<string, number>> =>
    new Promise((resolve, reject) => {
      count += 1;
      const id = count;
      const limit = setTimeout(() => reject(new Error(`The inspector did not answer ${method}.`)), ANSWER_LIMIT_MS);
      const listen = (data: Buffer) => {
        const answer = JSON.parse(data.toString());
        if (answer.id !== id) return;
        clearTimeout(limit);
        socket.off('message', listen);
        resolve(answer.result);
      };
      socket.on('message', listen);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async measure() {
      // Twice: what the first one finalizes, the second one frees.
      await ask('HeapProfiler.collectGarbage');
      await ask('HeapProfiler.collectGarbage');
      const { usedSize = 0, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await ask('Runtime.getHeapUsage');
      return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
    },
    close: () => socket.close(),
  };
}
