// What a Node process really holds: its heap right after a collection, through its inspector. Resident memory also counts garbage.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const OPEN_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 10_000;

/** Set before the process starts: its inspector opens on a free port when it is asked to, and says in its log where. */
export const INSPECTABLE = '--inspect-port=127.0.0.1:0';

export interface LiveHeap {
  /** Megabytes on the heap and beside it (buffers) that are still reachable. */
  measure(): Promise<number>;
  close(): void;
}

export async function openLiveHeap(pid: number, readLog: () => string): Promise<LiveHeap> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl(readLog));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let count = 0;
  const ask = (method: string, params = {}): Promise<{ result?: { value?: unknown } }> =>
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
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    async measure() {
      await ask('HeapProfiler.collectGarbage');
      const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
      const { result } = await ask('Runtime.evaluate', { expression });
      return Number(result?.value) / 1e6;
    },
    close: () => socket.close(),
  };
}

async function inspectorUrl(readLog: () => string): Promise<string> {
  for (const deadline = Date.now() + OPEN_LIMIT_MS; Date.now() < deadline; await sleep(50)) {
    const url = /Debugger listening on (ws:\S+)/.exec(readLog())?.[1];
    if (url) return url;
  }
  throw new Error(`The inspector of the process did not open within ${OPEN_LIMIT_MS} ms.`);
}
