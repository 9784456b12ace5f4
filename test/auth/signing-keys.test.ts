import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { keyToSign, keyToVerify, publishedKeys, rotateSigningKeys } from '../../src/auth/signing-keys.ts';
import { deriveSecret, unwrap, wrap } from '../../src/auth/wrapping-key.ts';
import { keepOAuthHouse } from '../../src/jobs/oauth-housekeeping.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let nowMs = Date.now();
afterEach(async () => {
  await env.DB.prepare('DELETE FROM signing_keys').run();
  // Far enough that nothing remembered counts.
  nowMs += 1000 * DAY_MS;
});

const kids = async (atMs: number) => (await publishedKeys(env, atMs)).keys.map(({ kid }) => kid);

describe('the signing keys', () => {
  it('begin with one, whoever asks first and however many at once', async () => {
    const signers = await Promise.all(Array.from({ length: 5 }, () => keyToSign(env, nowMs)));
    expect(new Set(signers.map(({ key }) => key.kid)).size).toBe(1);
    expect(signers.filter(({ madeKid }) => madeKid !== null)).toHaveLength(1);
  });

  it('are rotated when due: the next is announced, then signs, and the last goes a day later', async () => {
    const { key: first } = await keyToSign(env, nowMs);
    expect(await rotateSigningKeys(env, nowMs + 28 * DAY_MS)).toBeNull();
    const madeKid = await rotateSigningKeys(env, nowMs + 29 * DAY_MS);
    expect(madeKid).not.toBeNull();
    expect((await keyToSign(env, nowMs + 29 * DAY_MS)).key.kid).toBe(first.kid);
    expect(await kids(nowMs + 29 * DAY_MS)).toEqual([first.kid, madeKid]);
    expect((await keyToSign(env, nowMs + 30 * DAY_MS)).key.kid).toBe(madeKid);
    expect(await keyToVerify(env.DB, first.kid, nowMs + 30 * DAY_MS)).not.toBeNull();
    expect(await keyToVerify(env.DB, first.kid, nowMs + 31 * DAY_MS)).toBeNull();
    expect(await kids(nowMs + 31 * DAY_MS)).toEqual([madeKid]);
  });

  it('are rotated by the clock too, and the audit log is told', async () => {
    const entries: AuditEntry[] = [];
    const AUDIT = { send: async (entry: AuditEntry) => void entries.push(entry) } as unknown as Env['AUDIT'];
    await keepOAuthHouse({ ...env, AUDIT }, nowMs);
    await keepOAuthHouse({ ...env, AUDIT }, nowMs + DAY_MS);
    await keepOAuthHouse({ ...env, AUDIT }, nowMs + 29 * DAY_MS);
    expect(entries.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['signing_key.rotated', 'system'],
      ['signing_key.rotated', 'system'],
    ]);
  });

  it('show nothing private', async () => {
    const { keys } = await publishedKeys(env, nowMs);
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('do not open under another WRAPPING_KEY, and say which setting is wrong', async () => {
    await keyToSign(env, nowMs);
    // Another isolate, which has opened nothing yet: rotation makes it look at a key that was closed elsewhere.
    await env.DB.prepare("UPDATE signing_keys SET kid = 'moved'").run();
    await expect(keyToSign(env, nowMs + 2 * DAY_MS)).rejects.toThrow(/WRAPPING_KEY does not open moved/);
  });
});

describe('the wrapping key', () => {
  const WRAPPING_KEY = 'A'.repeat(43);

  it('opens what it closed, under the same label only', async () => {
    const wrapped = await wrap(WRAPPING_KEY, { label: 'one', text: 'a secret' });
    expect(wrapped).not.toContain(btoa('a secret').slice(0, 6));
    expect(await unwrap(WRAPPING_KEY, { label: 'one', wrapped })).toBe('a secret');
    await expect(unwrap(WRAPPING_KEY, { label: 'two', wrapped })).rejects.toThrow(/WRAPPING_KEY/);
    await expect(unwrap(`B${WRAPPING_KEY.slice(1)}`, { label: 'one', wrapped })).rejects.toThrow(/WRAPPING_KEY/);
  });

  it('derives the same secret from the same, and another for every other', async () => {
    const derive = (purpose: string, from: string) => deriveSecret(WRAPPING_KEY, { purpose, from });
    expect(await derive('p', 'x')).toBe(await derive('p', 'x'));
    const all = await Promise.all([derive('p', 'x'), derive('p', 'y'), derive('q', 'x')]);
    expect(new Set(all).size).toBe(3);
  });

  it.each([
    ['nothing', ''],
    ['too short', 'AAAA'],
    ['no base64url', '!'.repeat(43)],
  ])('is refused with a sentence when it is %s', async (_what, key) => {
    await expect(wrap(key, { label: 'x', text: 'x' })).rejects.toThrow(/WRAPPING_KEY/);
  });
});
