import { describe, expect, it } from 'vitest';
import { hashSecret, isSameSecret, mintStreamKey } from '../../src/auth/secrets.ts';

describe('a stream key', () => {
  it('has 32 random characters that are not mistaken for each other', async () => {
    const { streamKey } = await mintStreamKey(crypto.getRandomValues(new Uint8Array(32)));
    expect(streamKey).toMatch(/^sk_[a-km-z2-9]{32}$/);
  });

  it('is kept as its hash and its last four characters', async () => {
    const { streamKey, kept } = await mintStreamKey(crypto.getRandomValues(new Uint8Array(32)));
    expect(kept).toEqual({ keyHash: await hashSecret(streamKey), hint: streamKey.slice(-4) });
  });
});

describe('comparing secrets', () => {
  it('agrees only when they are the same', async () => {
    expect(await isSameSecret('correct horse', 'correct horse')).toBe(true);
    expect(await isSameSecret('correct horse', 'correct horsf')).toBe(false);
    expect(await isSameSecret('correct', 'correct horse')).toBe(false);
  });

  it('never agrees on nothing: a secret that was not set opens no door', async () => {
    expect(await isSameSecret('', '')).toBe(false);
    expect(await isSameSecret(null, undefined)).toBe(false);
    expect(await isSameSecret('x', '')).toBe(false);
  });
});
