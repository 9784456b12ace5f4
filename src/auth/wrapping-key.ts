// WRAPPING_KEY: closes and opens what is kept in the database but must not be read from it, and makes what nobody can guess.
import { base64url, CompactEncrypt, compactDecrypt } from 'jose';
import { FootlightError } from '../protocol/errors.ts';

const KEY_BYTES = 32;
const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const;

/** AES-GCM. `label` is bound to it: what was closed under one does not open under another. */
export async function wrap(
  wrappingKey: string | undefined,
  { label, text }: { label: string; text: string },
): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ ...ALGORITHM, kid: label })
    .encrypt(readKey(wrappingKey));
}

/** Opposite of `wrap`. */
export async function unwrap(
  wrappingKey: string | undefined,
  { label, wrapped }: { label: string; wrapped: string },
): Promise<string> {
  const key = readKey(wrappingKey);
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(wrapped, key, {
      keyManagementAlgorithms: [ALGORITHM.alg],
      contentEncryptionAlgorithms: [ALGORITHM.enc],
    });
    if (protectedHeader.kid === label) return new TextDecoder().decode(plaintext);
  } catch {
    // It says no more than that it does not fit.
  }
  throw unusable(`does not open ${label}: it is not the key that closed it`);
}

/** A secret that follows from another: 32 bytes in base64url, the same each time and known to nobody without WRAPPING_KEY. */
export async function deriveSecret(
  wrappingKey: string | undefined,
  { purpose, from }: { purpose: string; from: string },
): Promise<string> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey('raw', readKey(wrappingKey), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
  return base64url.encode(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(from))));
}

function readKey(wrappingKey: string | undefined): Uint8Array<ArrayBuffer> {
  if (!wrappingKey) throw unusable('is not set');
  let bytes: Uint8Array;
  try {
    bytes = base64url.decode(wrappingKey);
  } catch {
    throw unusable('is not base64url');
  }
  if (bytes.byteLength !== KEY_BYTES) throw unusable(`has ${bytes.byteLength} bytes, not ${KEY_BYTES}`);
  return new Uint8Array(bytes);
}

const unusable = (why: string) =>
  new FootlightError('internal', `WRAPPING_KEY ${why}. Set the secret of the Worker as docs/deploy.md shows.`);
