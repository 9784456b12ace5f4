// Who has no valid key gets nowhere, by neither door, and is told so.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson } from '../../scripts/local/api.ts';
import type { RotatedStreamKey } from '../../src/protocol/api.ts';
import { startEncoder } from '../support/encoder.ts';
import { fetchText } from '../support/live-reader.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { OFFERS } from '../transcoder/ingest/whip/offers.ts';

let stream: TestStream;

beforeAll(async () => {
  stream = await openStream(inject('product'), { title: 'Locked' });
});
afterAll(async () => {
  await stream?.end();
});

const sendWith = async (key: string): Promise<{ code: number | null; words: string } | 'accepted'> => {
  const encoder = startEncoder({ url: `${inject('product').channel.rtmpUrl}/${key}` });
  const isOnAir = async (): Promise<boolean> => !encoder.isRunning() || (await stream.state()) === 'live';
  const accepted = until('it is refused or on the air', 10_000, isOnAir).then(() => 'accepted' as const);
  const outcome = await Promise.race([encoder.exited, accepted]);
  await encoder.kill();
  return outcome;
};
const offerWith = (authorization: string | null) =>
  fetch(inject('product').channel.whipUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', ...(authorization ? { authorization } : {}) },
    body: OFFERS.chromium,
  });

describe('a wrong stream key', () => {
  it('is refused by RTMP, and nothing is on the air', async () => {
    expect(await sendWith('not-the-key')).not.toBe('accepted');
    expect(await stream.state()).toBe('waiting');
    expect((await fetchText(stream.playbackUrl)).status).toBe(404);
  });

  it.each([['Bearer not-the-key'], ['Basic abc'], [null]])(
    'is refused by WHIP (%s) as a problem that says so',
    async (authorization) => {
      const answer = await offerWith(authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await answer.json()).toMatchObject({ status: 401 });
    },
  );

  it('is also the old one after a rotation', async () => {
    const old = stream.key;
    const { streamKey } = await readJson<RotatedStreamKey>(
      await stream.ask('POST', `/api/v1/channels/${stream.channelId}/stream-key`, {}),
    );
    expect(streamKey).not.toBe(old);
    expect(await sendWith(old)).not.toBe('accepted');
    expect(await sendWith(streamKey)).toBe('accepted');
  });
});
