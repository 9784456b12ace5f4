// The encoder is killed and comes back eight seconds later: whoever watches goes on watching, without a reload.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { type Following, follow, variantsOf } from '../support/live-reader.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { type Viewer, watch } from '../support/watching.ts';

const AWAY_MS = 8000;

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let viewer: Viewer;
let following: Following;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(inject('product'), { title: 'Comes back', reconnectWindowSeconds: 60 });
  encoder = startEncoder({ url: stream.rtmpTarget });
  await picturesArrive(stream.playbackUrl, 20_000);
  following = follow((await variantsOf(stream.playbackUrl))[0]!.url);
  viewer = await watch(browser, stream.watchUrl);
  await viewer.sees(90, 20_000);
});
afterAll(async () => {
  await viewer?.close();
  await following?.stop();
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

describe('an encoder that dies and comes back', () => {
  it('leaves the stream interrupted, and the page says so', async () => {
    await encoder.kill();
    await until('the stream is interrupted', 6000, async () => (await stream.state()) === 'interrupted');
    const words = viewer.page.getByText(/interrupted|reconnect|be right back/i).first();
    await words.waitFor({ timeout: AWAY_MS });
    await sleep(AWAY_MS - 3000);
  });

  it('goes on in the same page without a reload', async () => {
    encoder = startEncoder({ url: stream.rtmpTarget });
    await viewer.sees(60, 12_000);
    expect(viewer.loads()).toBe(1);
    expect(await stream.state()).toBe('live');
    await viewer.sees(120, 10_000);
  });

  it('continues the sequence numbers with a discontinuity', async () => {
    await until('segments of the second run are listed', 10_000, () =>
      (following.versions.at(-1)?.list.segments ?? []).some(({ discontinuity }) => discontinuity),
    );
    expect(following.complaints).toEqual([]);
  });
});
