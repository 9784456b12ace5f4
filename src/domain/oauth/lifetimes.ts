// How long everything lives that an app is given, and when a refresh token may be used.

/** RFC 6749 section 4.1.2 allows ten minutes; a browser needs a second. */
export const CODE_LIFETIME_MS = 60_000;
export const ACCESS_TOKEN_SECONDS = 600;
/** An app that has not come back for so long asks again. */
export const REFRESH_LIFETIME_MS = 60 * 24 * 60 * 60 * 1000;
/** An answer may be lost on the way: for so long the app may repeat its question and gets the same successor. */
export const RETRY_GRACE_MS = 30_000;
/**
 * For so long it is remembered that a refresh token was replaced: whoever sends it again ends the grant. An app that refreshes
 * every ten minutes leaves 2,000 of them in that time. Later it is refused all the same, and the grant goes on.
 */
export const REUSE_SEEN_MS = 14 * 24 * 60 * 60 * 1000;

export interface RefreshTokenState {
  expiresAtMs: number;
  /** When its successor was given out; null: it is the one in force. */
  rotatedAtMs: number | null;
  /** The successor has a successor already. */
  isSuccessorRotated: boolean;
}

/**
 * rotate: it is in force. repeat: the app did not hear us. reuse: two parties hold it, and one of them is a thief
 * (RFC 9700 section 4.14.2).
 */
export function judgeRefresh(token: RefreshTokenState, nowMs: number): 'rotate' | 'repeat' | 'reuse' | 'expired' {
  if (token.rotatedAtMs !== null) {
    const isRetry = !token.isSuccessorRotated && nowMs - token.rotatedAtMs <= RETRY_GRACE_MS;
    return isRetry ? 'repeat' : 'reuse';
  }
  return token.expiresAtMs <= nowMs ? 'expired' : 'rotate';
}
