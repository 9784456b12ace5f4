// The publisher against an origin in memory, over real sockets that are cut.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RenditionName } from '../../src/protocol/ids.ts';
import { createLog } from '../../transcoder/log.ts';
import { connectPublish, publishUrl } from '../../transcoder/publisher/socket.ts';
import { Publisher } from '../../transcoder/publisher.ts';
import { FakeOrigin } from '../support/fake-origin.ts';

const TOP = RenditionName.parse('360p');
let origin: FakeOrigin;
let url = '';
let publisher: Publisher | null = null;
let over: string[] = [];
let log: string[] = [];

beforeEach(async () => {
  origin = new FakeOrigin();
  over = [];
  log = [];
  url = publishUrl(await origin.listen(), { stream: 'st_aaaa', session: 'se_aaaa', version: 1 });
});
afterEach(async () => {
  await publisher?.close('the test is over');
  await origin.close();
});

function start(): Publisher {
  publisher = new Publisher({
    connect: connectPublish({ url, secret: 'node-secret' }),
    clock: Date.now,
    random: () => 0,
    log: createLog((line) => log.push(line), Date.now),
    onOver: (reason) => over.push(reason),
  });
  publisher.start();
  return publisher;
}

const chunk = (msn: number) => ({
  ...{ type: 'chunk' as const, generation: 0, rendition: TOP, msn, part: 0, chunk: 0 },
  ...{ endsPart: true, durationSeconds: 1, independent: true, programDateTimeMs: msn },
});

async function until(condition: () => boolean, limitMs = 5000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !condition(); ) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the publisher', () => {
  it('asks at the right place with the node secret', async () => {
    start();
    await until(() => origin.authorization !== null);
    expect(origin.authorization).toBe('Bearer node-secret');
    expect(new URL(url).pathname + new URL(url).search).toBe(
      '/api/v1/ingest/publish?stream=st_aaaa&session=se_aaaa&v=1',
    );
  });

  it('delivers everything exactly once and in order through cuts', async () => {
    const publishing = start();
    for (let msn = 0; msn < 200; msn += 1) {
      publishing.push(chunk(msn), new Uint8Array(2000).fill(msn));
      if (msn % 40 === 20) origin.cut();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await until(() => origin.chunks.length === 200);
    expect(origin.chunks.map(({ msn }) => msn)).toEqual(Array.from({ length: 200 }, (_, msn) => msn));
    expect(origin.chunks.every(({ msn, payload }) => payload.every((byte) => byte === msn % 256))).toBe(true);
    expect(over).toEqual([]);
  });

  it('waits for an edge that is refusing for a while', async () => {
    origin.isRefusing = true;
    const publishing = start();
    publishing.push(chunk(0), new Uint8Array(10));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(origin.chunks).toHaveLength(0);
    origin.isRefusing = false;
    await until(() => origin.chunks.length === 1);
  });

  it('says goodbye last and waits until it is stored', async () => {
    const publishing = start();
    publishing.push(chunk(0), new Uint8Array(10));
    await publishing.close('the encoder said goodbye');
    expect(origin.goodbye).toBe('the encoder said goodbye');
    expect(origin.frames.at(-1)?.type).toBe('goodbye');
  });

  it('ends the session when the origin says stop, in words for the broadcaster', async () => {
    start();
    await until(() => origin.authorization !== null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    origin.say({ type: 'stop', reason: 'superseded' });
    await until(() => over.length > 0);
    expect(over).toEqual(['Another encoder has taken over this channel.']);
  });

  it('is not confused by words that are not in the protocol', async () => {
    const publishing = start();
    await until(() => origin.authorization !== null);
    origin.say({ type: 'dance' } as never);
    publishing.push(chunk(0), new Uint8Array(10));
    await until(() => origin.chunks.length === 1);
  });

  it('does not flush for ever when the edge acknowledges nothing', { timeout: 8000 }, async () => {
    origin.acknowledges = false;
    const publishing = start();
    publishing.push(chunk(0), new Uint8Array(10));
    const before = performance.now();
    await publishing.close('bye');
    expect(performance.now() - before).toBeLessThan(5000);
    expect(log.join()).toMatch(/did not take everything/);
  });

  it('has nothing to complain of when the stream is ended while it says goodbye', async () => {
    origin.acknowledges = false;
    const publishing = start();
    publishing.push(chunk(0), new Uint8Array(10));
    await until(() => origin.chunks.length === 1);
    const closed = publishing.close('bye');
    await until(() => origin.goodbye !== null);
    origin.say({ type: 'stop', reason: 'stream_ended' });
    await closed;
    expect(log).toEqual([]);
  });
});
