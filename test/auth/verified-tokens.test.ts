import { generateKeyPair } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { signAccessToken } from '../../src/auth/access-token.ts';
import { verifyOnce } from '../../src/auth/verified-tokens.ts';
import { UserId } from '../../src/protocol/ids.ts';

const BASE = 'https://stage.test';
const NOW_SECONDS = 1_900_000_000;
const LIFETIME_SECONDS = 600;

const key = { kid: 'one', ...(await generateKeyPair('ES256')) };
const sign = (userId = 'us_ada0') =>
  signAccessToken(key, {
    base: BASE,
    userId: UserId.parse(userId),
    clientId: 'test',
    nowSeconds: NOW_SECONDS,
    lifetimeSeconds: LIFETIME_SECONDS,
  });
const check = (token: string, { publicKey = key.publicKey, base = BASE, nowSeconds = NOW_SECONDS } = {}) =>
  verifyOnce({ kid: key.kid, publicKey }, { token, base, nowSeconds });

describe('a token that was verified before', () => {
  it('costs no signature check the second time, and says the same', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const token = await sign();
    const first = await check(token);
    expect(first).toMatchObject({ ok: true, claims: { sub: 'us_ada0' } });
    const checksOfFirst = verify.mock.calls.length;
    expect(await check(token)).toEqual(first);
    expect([checksOfFirst, verify.mock.calls.length]).toEqual([1, 1]);
    verify.mockRestore();
  });

  it('is refused at the second at which it expires', async () => {
    const token = await sign();
    expect(await check(token)).toMatchObject({ ok: true });
    expect(await check(token, { nowSeconds: NOW_SECONDS + LIFETIME_SECONDS - 1 })).toMatchObject({ ok: true });
    expect(await check(token, { nowSeconds: NOW_SECONDS + LIFETIME_SECONDS })).toEqual({
      ok: false,
      reason: 'it has expired',
    });
  });

  it('vouches for no other: not for its claims under another signature, nor for another key or address', async () => {
    const token = await sign();
    expect(await check(token)).toMatchObject({ ok: true });
    const [head, claims] = token.split('.');
    expect(await check(`${head}.${claims}.${'A'.repeat(86)}`)).toMatchObject({ ok: false });
    const other = await sign('us_root0');
    expect(await check(`${head}.${other.split('.')[1]}.${token.split('.')[2]}`)).toMatchObject({ ok: false });
    const { publicKey } = await generateKeyPair('ES256');
    expect(await check(token, { publicKey })).toMatchObject({ ok: false });
    expect(await check(token, { base: 'https://elsewhere.test' })).toMatchObject({ ok: false });
    expect(await check(token)).toMatchObject({ ok: true });
  });
});
