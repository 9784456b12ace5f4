// The viewing pass of a gated stream: signed, checked at the edge without a database call, and short-lived, since it travels in URLs.
import type { PassFacts } from '../domain/visibility.ts';
import { StreamId } from '../protocol/ids.ts';

const INFO = 'footlight viewing pass, version 1';
const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' } as const;
const encoder = new TextEncoder();

/** Of this isolate's one secret. */
let known: { secret: string; key: Promise<CryptoKey> } | undefined;

/** The key is derived, so that the secret may serve other purposes without one of them standing in for another. */
export function viewingKey(secret: string): Promise<CryptoKey> {
  if (!secret) throw new Error('VIEWING_KEY is not set. Make one with `npm run secrets`.');
  if (known?.secret !== secret) known = { secret, key: derive(secret) };
  return known.key;
}

async function derive(secret: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(INFO) };
  return crypto.subtle.deriveKey(derivation, base, { ...ALGORITHM, length: 256 }, false, ['sign', 'verify']);
}

/** `{stream}.{gate}.{expiry}.{signature}`, of characters that need no escape in a URL. */
export async function signPass(key: CryptoKey, { streamId, gateAtMs, expiresAtMs }: PassFacts): Promise<string> {
  const said = `${streamId}.${gateAtMs.toString(36)}.${expiresAtMs.toString(36)}`;
  const signature = await crypto.subtle.sign(ALGORITHM, key, encoder.encode(said));
  return `${said}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Opposite of `signPass`: what a pass says, or null for what we did not sign. Whether it is good now is the policy's to say. */
export async function readPass(key: CryptoKey, pass: string): Promise<PassFacts | null> {
  const [, said = '', id, gate = '', expiry = '', signature = ''] =
    /^((st_[a-z0-9]{4,32})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11}))\.([\w-]{43})$/.exec(pass) ?? [];
  const streamId = StreamId.safeParse(id);
  if (!streamId.success) return null;
  const isGenuine = await crypto.subtle.verify(ALGORITHM, key, fromBase64Url(signature), encoder.encode(said));
  if (!isGenuine) return null;
  return { streamId: streamId.data, gateAtMs: Number.parseInt(gate, 36), expiresAtMs: Number.parseInt(expiry, 36) };
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
