// Somebody's own server is told when a stream goes live and when it ends, and can be sure who says so.
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson } from '../../scripts/local/api.ts';
import type { CreatedWebhook, DeliveryPage, WebhookEvent } from '../../src/protocol/webhooks.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

/** From the first segment to the receiver, the log and its queue between them. */
const TOLD_WITHIN_MS = 30_000;

let receiver: Receiver;
let stream: TestStream;
let encoder: Encoder;
let webhook: CreatedWebhook;

beforeAll(async () => {
  receiver = await startReceiver();
  stream = await openStream(inject('product'), { title: 'Told to others' });
  const settings = {
    url: receiver.url,
    events: ['stream.started', 'stream.ended'],
    channelId: stream.channelId,
  };
  webhook = await readJson(await stream.ask('POST', '/api/v1/webhooks', settings));
  receiver.statuses.push(500);
  encoder = startEncoder({ url: stream.rtmpTarget });
});
afterAll(async () => {
  await encoder?.kill();
  await stream?.ask('DELETE', `/api/v1/webhooks/${webhook.id}`);
  await receiver?.stop();
});

/** The event of the request at this place; throws when it is not signed with the secret. */
const eventAt = (index: number): WebhookEvent => {
  const { body, headers } = receiver.received[index]!;
  return new Webhook(webhook.secret).verify(body, headers) as WebhookEvent;
};
const deliveries = async (): Promise<DeliveryPage['deliveries']> =>
  (await readJson<DeliveryPage>(await stream.ask('GET', `/api/v1/webhooks/${webhook.id}/deliveries`))).deliveries;

describe('a server that is told by webhook', () => {
  it('hears that the stream is live, again after it has failed, in the same signed words', async () => {
    await until('the receiver was asked twice', TOLD_WITHIN_MS, () => receiver.received.length >= 2);
    const [first, second] = receiver.received;
    expect(eventAt(1)).toEqual(eventAt(0));
    expect(eventAt(1)).toMatchObject({
      type: 'stream.started',
      data: { streamId: stream.id, channelId: stream.channelId },
    });
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.headers['webhook-id']).toMatch(/^au_/);
    expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(4500);
    await until('the delivery is recorded', 5000, async () => (await deliveries())[0]?.state === 'delivered');
    expect((await deliveries())[0]?.attempts.map(({ status }) => status)).toEqual([500, 204]);
  });

  it('hears that it has ended', async () => {
    expect((await stream.end()).status).toBe(204);
    await until('the receiver was asked again', TOLD_WITHIN_MS, () => receiver.received.length >= 3);
    expect(eventAt(2)).toMatchObject({ type: 'stream.ended', data: { streamId: stream.id } });
    expect(receiver.received).toHaveLength(3);
  });

  it('is sent the same again on request, under the same id', async () => {
    const ended = (await deliveries()).find(({ type }) => type === 'stream.ended')!;
    const path = `/api/v1/webhooks/${webhook.id}/deliveries/${ended.id}/replay`;
    expect((await stream.ask('POST', path)).status).toBe(202);
    await until('the replay came', TOLD_WITHIN_MS, () => receiver.received.length >= 4);
    expect(receiver.received[3]!.headers['webhook-id']).toBe(receiver.received[2]!.headers['webhook-id']);
    expect(eventAt(3)).toEqual(eventAt(2));
  });
});
