// What the tags of answers (ETag) cost: the Worker as it is beside one that is built without them, in turns.
import { join } from 'node:path';
import { signIn } from '../local/api.ts';
import { readSettings } from '../local/settings.ts';
import { startLoneWorker } from './lone-worker.ts';
import { median } from './statistics.ts';
import { answeredPerSecond } from './throughput.ts';

const STREAMS = 40;
const LISTS = ['/api/v1/streams?state=waiting&limit=1', '/api/v1/streams?state=waiting&limit=40'];

export async function measureTags({
  rounds,
  ...pressure
}: {
  connections: number;
  forMs: number;
  rounds: number;
}): Promise<(string | number)[][]> {
  const standIn = join(readSettings({}).root, 'scripts/bench/without-tags.ts');
  const workers = [await startLoneWorker({ alias: { 'hono/etag': standIn } }), await startLoneWorker()];
  try {
    for (const { base } of workers) await openStreams(base);
    const rows = [];
    for (const path of LISTS) {
      const perSecond = workers.map((): number[] => []);
      for (let round = 0; round <= rounds; round++) {
        for (const [index, { base }] of workers.entries()) {
          const answered = await answeredPerSecond(base + path, pressure);
          // The first round warms up.
          if (round > 0) perSecond[index]?.push(answered);
        }
      }
      const [without = Number.NaN, with_ = Number.NaN] = perSecond.map(median);
      const { bytes, isTagged } = await sizeOf(workers.map(({ base }) => base + path));
      if (isTagged.join() !== 'false,true') throw new Error('The tags are not where they should be.');
      const costs = `${((1 - with_ / without) * 100).toFixed(0)} %`;
      rows.push([path, bytes, without.toFixed(0), with_.toFixed(0), costs]);
    }
    return rows;
  } finally {
    for (const worker of workers) await worker.stop();
  }
}

async function openStreams(base: string): Promise<void> {
  const ask = await signIn(base, 'ada');
  for (let count = 1; count <= STREAMS; count++) {
    const opened = await ask('POST', '/api/v1/streams', { title: `A walk by the sea, part ${count}` });
    if (opened.status !== 201) throw new Error(`A stream could not be opened: ${await opened.text()}`);
    await opened.arrayBuffer();
  }
}

async function sizeOf(urls: string[]): Promise<{ bytes: number; isTagged: boolean[] }> {
  const answers = await Promise.all(urls.map((url) => fetch(url, { signal: AbortSignal.timeout(10_000) })));
  const bodies = await Promise.all(answers.map((one) => one.arrayBuffer()));
  return { bytes: bodies.at(-1)?.byteLength ?? 0, isTagged: answers.map(({ headers }) => headers.has('ETag')) };
}
