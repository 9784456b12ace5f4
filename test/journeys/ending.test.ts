// The broadcaster ends the stream while it is live: everybody knows within five seconds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { fetchText, variantsOf } from '../support/live-reader.ts';
import { readMediaPlaylist } from '../support/playlist-reader.ts';
import { openStream, type TestStream } from '../support/streams.ts';
import { type Viewer, watch } from '../support/watching.ts';

const LIMIT_MS = 5000;

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let viewer: Viewer;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(inject('product'), { title: 'Ends' });
  encoder = startEncoder({ url: stream.rtmpTarget });
  await picturesArrive(stream.playbackUrl, 20_000);
  viewer = await watch(browser, stream.watchUrl);
  await viewer.sees(60, 20_000);
});
afterAll(async () => {
  await viewer?.close();
  await encoder?.kill();
  await browser?.close();
});

describe('a stream that is ended while it is live', () => {
  it('lets waiting readers go, ends its playlists and disconnects the encoder within five seconds', async () => {
    const variants = await variantsOf(stream.playbackUrl);
    const list = readMediaPlaylist((await fetchText(variants[0]!.url)).text);
    const ahead = `${variants[0]!.url}?_HLS_msn=${list.mediaSequence + list.segments.length + 1}`;
    const waiting = fetchText(ahead);
    await sleep(200);
    const asked = Date.now();
    expect((await stream.end()).status).toBe(204);
    expect(readMediaPlaylist((await waiting).text).ended).toBe(true);
    expect(Date.now() - asked).toBeLessThan(LIMIT_MS);
    for (const { url } of variants) expect(readMediaPlaylist((await fetchText(url)).text).ended).toBe(true);
    await Promise.race([encoder.exited, sleep(LIMIT_MS - (Date.now() - asked))]);
    expect(encoder.isRunning()).toBe(false);
    expect(await stream.state()).toBe('ended');
  });

  it('tells whoever watches, without a reload', async () => {
    await viewer.page
      .getByText(/ended|is over|has finished/i)
      .first()
      .waitFor({ timeout: 10_000 });
    expect(viewer.loads()).toBe(1);
  });

  it('can be ended again without harm', async () => {
    expect((await stream.end()).status).toBe(204);
  });

  it('does not come back because its encoder connects again', async () => {
    const again = startEncoder({ url: stream.rtmpTarget });
    await Promise.race([again.exited, sleep(LIMIT_MS)]);
    expect(again.isRunning()).toBe(false);
    expect(await stream.state()).toBe('ended');
  });

  it('leaves the channel free for the next stream under the same key', async () => {
    const opened = await stream.ask('POST', '/api/v1/streams', { title: 'The next one', channelId: stream.channelId });
    expect(opened.status).toBe(201);
    const next = startEncoder({ url: stream.rtmpTarget });
    try {
      await picturesArrive(stream.playbackUrl.replace(stream.id, stream.channelId), 15_000);
      expect(next.isRunning()).toBe(true);
      expect(await stream.state()).toBe('ended');
    } finally {
      await next.kill();
    }
  });
});
