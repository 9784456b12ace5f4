// ffmpeg's own WHIP muxer goes live: DTLS the other way round than browsers, no trickle, a strict reader of HTTP.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { variantsOf } from '../support/live-reader.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { findWhipFfmpeg } from '../support/whip-ffmpeg.ts';

/** FEATURES A1: the first part is playable within 5 s of the 201; the encoder itself needs a moment to start. */
const ON_AIR_LIMIT_MS = 10_000;

const ffmpeg = findWhipFfmpeg();
let stream: TestStream;
let encoder: Encoder;

// Without such an ffmpeg the story cannot be told; CI brings one and counts a story left out as failed.
describe.skipIf(ffmpeg === null)('a broadcast by the WHIP muxer of ffmpeg', () => {
  beforeAll(async () => {
    const product = inject('product');
    stream = await openStream(product, { title: 'By the WHIP muxer', reconnectWindowSeconds: 60 });
    encoder = startEncoder({ ffmpeg: ffmpeg!, url: product.channel.whipUrl, whipToken: stream.key });
  });
  afterAll(async () => {
    await encoder?.kill();
    await stream?.end();
  });

  it('is on the air with picture and sound', async () => {
    await Promise.race([
      picturesArrive(stream.playbackUrl, ON_AIR_LIMIT_MS),
      encoder.exited.then(({ words }) => Promise.reject(new Error(`ffmpeg left: ${words}`))),
    ]);
    const codecs = (await variantsOf(stream.playbackUrl)).map(({ attributes }) => attributes.CODECS).join(',');
    expect(codecs).toMatch(/avc1\./);
    expect(codecs).toMatch(/mp4a\./);
  });

  it('is let go at once when ffmpeg ends it, and keeps its place', async () => {
    await encoder.finish();
    // Sooner than ICE would notice: its DELETE has come. (ffmpeg 9 calls the answer to it unread, whatever is answered.)
    await until('the stream is interrupted', 5000, async () => (await stream.state()) === 'interrupted');
  });
});
