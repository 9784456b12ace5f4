import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { mintWebhookSecret, signWebhook } from '../../src/auth/webhook-signature.ts';

const fresh = (): string => mintWebhookSecret(crypto.getRandomValues(new Uint8Array(32)));
const body = JSON.stringify({ type: 'stream.started', data: { title: 'Größe — 灯' } });
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const sign = (secrets: string[], timestampSeconds = nowSeconds()) =>
  signWebhook({ secrets, id: 'au_1', timestampSeconds, body });

describe('the signature of a webhook', () => {
  it('is what the reference library makes of the same secret', async () => {
    const secret = fresh();
    const at = nowSeconds();
    const headers = await sign([secret], at);
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('au_1', new Date(at * 1000), body));
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('verifies under each of two secrets while one replaces the other', async () => {
    const [newer, older] = [fresh(), fresh()];
    const headers = await sign([newer, older]);
    for (const secret of [newer, older]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  });

  it.each([
    ['another secret', { secret: fresh() }],
    ['another body', { body: `${body} ` }],
    ['another id', { headers: { 'webhook-id': 'au_2' } }],
    ['another time', { headers: { 'webhook-timestamp': String(nowSeconds() - 1) } }],
    ['an old time', { at: nowSeconds() - 600 }],
  ])(
    'does not verify for %s',
    async (_what, change: { secret?: string; body?: string; headers?: object; at?: number }) => {
      const secret = fresh();
      const headers = { ...(await sign([secret], change.at)), ...change.headers };
      expect(() => new Webhook(change.secret ?? secret).verify(change.body ?? body, headers)).toThrow();
    },
  );
});
