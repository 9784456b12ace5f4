// Pieces of the product die in the middle of a stream; the page plays on within seconds and no number is used twice.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { descendants, type Halves, startHalves } from '../support/halves.ts';
import { type Following, follow, variantsOf } from '../support/live-reader.ts';
import { openStream, type TestStream } from '../support/streams.ts';
import { type Viewer, watch } from '../support/watching.ts';

let halves: Halves;
let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let viewer: Viewer;
let following: Following;
/** An encoder as people set it up: it comes back when it was thrown out. */
let keepSending = true;

beforeAll(async () => {
  halves = await startHalves();
  browser = await startChromium();
  stream = await openStream(halves.details, { title: 'Survives', reconnectWindowSeconds: 60 });
  send();
  await picturesArrive(stream.playbackUrl, 20_000);
  following = follow((await variantsOf(stream.playbackUrl))[0]!.url);
  viewer = await watch(browser, stream.watchUrl);
  await viewer.sees(90, 20_000);
});
afterAll(async () => {
  keepSending = false;
  await viewer?.close();
  await encoder?.kill();
  await following?.stop();
  await browser?.close();
  await halves?.stop();
});

describe('a stream goes on', () => {
  it('when its ffmpeg is killed: at most five seconds without a picture', async () => {
    const [ladder] = descendants(halves.transcoder.pid(), /ffmpeg.*pipe:0/);
    expect(ladder).toBeDefined();
    process.kill(ladder!, 'SIGKILL');
    expect(await longestStill(10_000)).toBeLessThan(5000);
    expect(viewer.loads()).toBe(1);
  });

  it('when the Worker is killed and started again', async () => {
    await halves.worker.kill();
    await halves.worker.start();
    await viewer.sees(60, 20_000);
    expect(viewer.loads()).toBe(1);
    expect(await stream.state()).toBe('live');
  });

  it('when the transcoder is killed and started again, and the encoder with it', async () => {
    await halves.transcoder.kill();
    await halves.transcoder.start();
    await viewer.sees(60, 20_000);
    expect(viewer.loads()).toBe(1);
  });

  it('with sequence numbers that never fall or change their meaning', async () => {
    await sleep(4000);
    const numbers = following.versions.map(({ list }) => list.segments.at(-1)?.msn ?? 0);
    expect(numbers.at(-1)).toBeGreaterThan((numbers[0] ?? 0) + 5);
    expect(following.complaints).toEqual([]);
  });
});

function send(): void {
  encoder = startEncoder({ url: stream.rtmpTarget });
  void encoder.exited.then(async () => {
    await sleep(500);
    if (keepSending) send();
  });
}

/** The longest time without a new frame during the next while. */
async function longestStill(forMs: number): Promise<number> {
  let longest = 0;
  let frames = (await viewer.reading()).frames;
  let since = Date.now();
  const end = Date.now() + forMs;
  while (Date.now() < end) {
    await sleep(50);
    const now = (await viewer.reading()).frames;
    longest = Math.max(longest, Date.now() - since);
    if (now > frames) since = Date.now();
    frames = now;
  }
  return longest;
}
