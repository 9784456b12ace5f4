// Secrets that are shared or shown once: made, hashed, and compared without telling how far they agree.

const encoder = new TextEncoder();
const KEY_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const KEY_LENGTH = 32;

/** What is kept of a stream key: enough to find it again, too little to use it. */
export interface KeptStreamKey {
  keyHash: string;
  /** Its last four characters. */
  hint: string;
}

/** A new stream key from 32 random bytes: the key to show once, and what is kept of it. */
export async function mintStreamKey(randomBytes: Uint8Array): Promise<{ streamKey: string; kept: KeptStreamKey }> {
  const characters = Array.from(randomBytes.subarray(0, KEY_LENGTH), (byte) => KEY_ALPHABET[byte & 31]);
  const streamKey = `sk_${characters.join('')}`;
  return { streamKey, kept: { keyHash: await hashSecret(streamKey), hint: streamKey.slice(-4) } };
}

/** SHA-256 in hex. */
export async function hashSecret(secret: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(secret)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Takes as long whatever agrees: digests are compared, every byte of them. An empty secret equals nothing. */
export async function isSameSecret(given: string | null, expected: string | undefined): Promise<boolean> {
  if (!given || !expected) return false;
  const [left, right] = await Promise.all([hashSecret(given), hashSecret(expected)]);
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}
