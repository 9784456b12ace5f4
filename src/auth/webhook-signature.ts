// Signatures of webhooks as Standard Webhooks has them: a secret that both sides know, HMAC-SHA256 over id, time and body.
const SECRET_PREFIX = 'whsec_';
const encoder = new TextEncoder();

/** A new secret from 32 random bytes, to show once. */
export const mintWebhookSecret = (randomBytes: Uint8Array): string => SECRET_PREFIX + toBase64(randomBytes);

/** The headers of one try. Every secret that is valid at the time signs: the receiver needs to know one of them. */
export async function signWebhook({
  secrets,
  id,
  timestampSeconds,
  body,
}: {
  secrets: readonly string[];
  id: string;
  timestampSeconds: number;
  body: string;
}): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const signed = encoder.encode(`${id}.${timestampSeconds}.${body}`);
  const signatures = await Promise.all(secrets.map(async (secret) => `v1,${await hmac(secret, signed)}`));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}

async function hmac(secret: string, data: Uint8Array): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', fromBase64(secret.slice(SECRET_PREFIX.length)), algorithm, false, [
    'sign',
  ]);
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, data)));
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
