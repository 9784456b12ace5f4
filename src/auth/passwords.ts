// Passwords of streams: kept as a slow, salted hash, and compared without telling how far they agree.

/** As many as the Workers platform allows in one derivation. */
const ITERATIONS = 100_000;
const HASH_BITS = 256;
const SALT_BYTES = 16;
const encoder = new TextEncoder();

/** `pbkdf2-sha256.{iterations}.{salt}.{hash}`, the last two in hex. `randomBytes`: 16 or more. */
export async function hashPassword(password: string, randomBytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const salt = randomBytes.slice(0, SALT_BYTES);
  return `pbkdf2-sha256.${ITERATIONS}.${toHex(salt)}.${toHex(await derive(password, salt, ITERATIONS))}`;
}

export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [kind, iterations, salt, hash] = kept.split('.');
  if (kind !== 'pbkdf2-sha256' || !salt || !hash) throw new Error('A password is kept in a form that is not ours.');
  const [given, expected] = [await derive(password, fromHex(salt), Number(iterations)), fromHex(hash)];
  let difference = given.length ^ expected.length;
  for (const [index, byte] of given.entries()) difference |= byte ^ (expected[index] ?? 0);
  return difference === 0;
}

async function derive(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array> {
  // One way of writing a character: a keyboard may send é as one code point or as two.
  const bytes = encoder.encode(password.normalize('NFKC'));
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, key, HASH_BITS));
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const fromHex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
