// Tokens whose signature this isolate has found good: it is computed once, since it cannot change. What a token may do is never kept.
import { decodeProtectedHeader } from 'jose';
import { type TokenCheck, verifyAccessToken } from './access-token.ts';
import type { SigningKey } from './signing-key.ts';

/** About a kilobyte each; beyond, the one that was used least recently is verified again. */
const REMEMBERED_MAX = 1000;

interface Verified {
  kid: string;
  publicKey: SigningKey['publicKey'];
  base: string;
  check: Extract<TokenCheck, { ok: true }>;
}

/** By the token, whole: only the very bytes that were verified count as verified. */
const verified = new Map<string, Verified>();

/** The key that a token names; null: none. */
export function kidOf(token: string): string | null {
  const known = verified.get(token);
  if (known) return known.kid;
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}

/** As `verifyAccessToken`; the key is the one that its kid stands for now, and the clock is asked each time. */
export async function verifyOnce(
  { kid, publicKey }: Pick<SigningKey, 'kid' | 'publicKey'>,
  { token, base, nowSeconds }: { token: string; base: string; nowSeconds: number },
): Promise<TokenCheck> {
  const known = verified.get(token);
  if (known) verified.delete(token);
  const isGood = known?.publicKey === publicKey && known.base === base && known.check.claims.exp > nowSeconds;
  const check = isGood ? known.check : await verifyAccessToken({ publicKey }, { token, base, nowSeconds });
  if (!check.ok) return check;
  verified.set(token, { kid, publicKey, base, check });
  if (verified.size > REMEMBERED_MAX) verified.delete(verified.keys().next().value!);
  return check;
}
