// Answers kept for a repeat: found and opened only by who has the sender's key and WRAPPING_KEY, never by one alone.
import { base64url } from 'jose';
import { FootlightError } from '../protocol/errors.ts';

const PURPOSE = 'footlight idempotency';
const HALF_BYTES = 32;
const NONCE_BYTES = 12;
const encoder = new TextEncoder();

/** What follows from a sender and its key: where the answer lies, and what closes it. */
export interface AnswerKeys {
  /** Hex; tells nothing of either. */
  id: string;
  key: CryptoKey;
}

/** HKDF (RFC 5869): the server's secret is the material, the sender and its key are the salt. */
export async function answerKeys(
  wrappingKey: string | undefined,
  { sender, key }: { sender: string; key: string },
): Promise<AnswerKeys> {
  if (!wrappingKey) {
    throw new FootlightError(
      'internal',
      'WRAPPING_KEY is not set. Set the secret of the Worker as docs/deploy.md shows.',
    );
  }
  const material = await crypto.subtle.importKey('raw', base64url.decode(wrappingKey), 'HKDF', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: encoder.encode(`${sender}\n${key}`), info: encoder.encode(PURPOSE) },
    material,
    HALF_BYTES * 2 * 8,
  );
  return {
    id: Array.from(new Uint8Array(bits, 0, HALF_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    key: await crypto.subtle.importKey('raw', bits.slice(HALF_BYTES), 'AES-GCM', false, ['encrypt', 'decrypt']),
  };
}

export async function sealAnswer(
  { id, key }: AnswerKeys,
  text: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const sealed = await crypto.subtle.encrypt(gcm(id, nonce), key, encoder.encode(text));
  return `${base64url.encode(nonce)}.${base64url.encode(new Uint8Array(sealed))}`;
}

/** Opposite of `sealAnswer`; throws when it was changed or moved to another row. */
export async function openAnswer({ id, key }: AnswerKeys, sealed: string): Promise<string> {
  const [nonce = '', bytes = ''] = sealed.split('.');
  const opened = await crypto.subtle.decrypt(
    gcm(id, new Uint8Array(base64url.decode(nonce))),
    key,
    new Uint8Array(base64url.decode(bytes)),
  );
  return new TextDecoder().decode(opened);
}

export const freshNonce = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(NONCE_BYTES));

const gcm = (id: string, iv: Uint8Array<ArrayBuffer>) => ({ name: 'AES-GCM', iv, additionalData: encoder.encode(id) });
