// The encoder comes back as another one: smaller, and without sound. The best quality is gone, and the tracks are others.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { openStream, type TestStream } from '../support/streams.ts';
import { type Viewer, watch } from '../support/watching.ts';

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let viewer: Viewer;

const height = () => viewer.page.evaluate<number>("document.querySelector('video').videoHeight");
const targetSeconds = () => viewer.page.evaluate<number>('footlightPlayer.stats().targetSeconds');

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(inject('product'), { title: 'Changes', reconnectWindowSeconds: 60 });
  encoder = startEncoder({ url: stream.rtmpTarget, size: '854x480' });
  await picturesArrive(stream.playbackUrl, 20_000);
  viewer = await watch(browser, stream.watchUrl);
  await viewer.sees(90, 20_000);
});
afterAll(async () => {
  await viewer?.close();
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

describe('an encoder that comes back as another one', () => {
  it('smaller and without sound: the same page plays what there is', async () => {
    expect(await height()).toBe(480);
    await encoder.kill();
    encoder = startEncoder({ url: stream.rtmpTarget, size: '640x360', hasAudio: false });
    await viewer.sees(90, 20_000);
    expect(await height()).toBe(360);
    expect(viewer.loads()).toBe(1);
  });

  it('with sound and the first size again: the best quality is back, and the viewer no further behind', async () => {
    await encoder.kill();
    encoder = startEncoder({ url: stream.rtmpTarget, size: '854x480' });
    await viewer.sees(300, 30_000);
    await expect.poll(height, { timeout: 20_000 }).toBe(480);
    expect(await targetSeconds()).toBeLessThan(1.3);
    expect(viewer.loads()).toBe(1);
  });
});
