import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from '../../src/auth/passwords.ts';
import { readPass, signPass, viewingKey } from '../../src/auth/viewing-pass.ts';
import { StreamId } from '../../src/protocol/ids.ts';

const facts = { streamId: StreamId.parse('st_abcd'), gateAtMs: 1_700_000_000_000, expiresAtMs: 1_700_000_600_000 };

describe('a viewing pass', () => {
  it('is read as it was signed, and fits into a URL as it is', async () => {
    const key = await viewingKey('one secret');
    const pass = await signPass(key, facts);
    expect(await readPass(key, pass)).toEqual(facts);
    expect(encodeURIComponent(pass)).toBe(pass);
  });

  it('is nothing when it was signed with another key, or any character of it was changed', async () => {
    const key = await viewingKey('one secret');
    const pass = await signPass(key, facts);
    expect(await readPass(await viewingKey('another secret'), pass)).toBeNull();
    for (let at = 0; at < pass.length - 1; at++) {
      const other = pass[at] === 'a' ? 'b' : 'a';
      expect(await readPass(key, pass.slice(0, at) + other + pass.slice(at + 1)), `changed at ${at}`).toBeNull();
    }
    for (const nonsense of ['', '....', pass.slice(0, -1), `${pass}a`, pass.replaceAll('.', '')]) {
      expect(await readPass(key, nonsense)).toBeNull();
    }
  });
});

describe('the password of a stream', () => {
  it('is recognised, and nothing else is', async () => {
    const kept = await hashPassword('Pâques à six', crypto.getRandomValues(new Uint8Array(16)));
    expect(await isPassword('Pâques à six', kept)).toBe(true);
    expect(await isPassword('Pa\u0302ques a\u0300 six', kept)).toBe(true);
    for (const wrong of ['', 'Paques a six', 'Pâques à si', 'Pâques à six ']) {
      expect(await isPassword(wrong, kept)).toBe(false);
    }
  });

  it('is kept salted and slow, and cannot be read back', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((byte) => hashPassword('limelight', new Uint8Array(16).fill(byte))),
    );
    expect(one).toMatch(/^pbkdf2-sha256\.100000\.[0-9a-f]{32}\.[0-9a-f]{64}$/);
    expect(one!.split('.')[3]).not.toBe(two!.split('.')[3]);
  });
});
