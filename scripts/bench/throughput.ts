// How many times a second an address answers, asked by a number of connections at once.
import { Agent, get } from 'node:http';

/** What the connections send along; each has one, in turns. */
export type Credentials = Record<string, string>[];

const ANSWER_LIMIT_MS = 10_000;

/** Anything but 200 fails the measurement. */
export async function answeredPerSecond(
  url: string,
  { credentials = [{}], connections, forMs }: { credentials?: Credentials; connections: number; forMs: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const began = performance.now();
  let answered = 0;
  const askOn = async (_: unknown, index: number): Promise<void> => {
    const headers = credentials[index % credentials.length] ?? {};
    while (performance.now() - began < forMs) {
      await answer(url, headers, agent);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: connections }).map(askOn));
  agent.destroy();
  return (answered / (performance.now() - began)) * 1000;
}

function answer(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent, timeout: ANSWER_LIMIT_MS }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).once('error', reject);
  });
}
