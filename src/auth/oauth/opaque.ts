// What an app holds that means nothing to it: its secret, codes, refresh tokens. Only hashes of them are kept.
import { base64url } from 'jose';
import { deriveSecret } from '../wrapping-key.ts';

const BYTES = 32;

/** Random bytes, as many as asked for; randomness is the caller's. */
export type RandomBytes = (length: number) => Uint8Array;

const mint = (prefix: string, randomBytes: RandomBytes): string => prefix + base64url.encode(randomBytes(BYTES));

export const mintAppSecret = (randomBytes: RandomBytes): string => mint('as_', randomBytes);
export const mintCode = (randomBytes: RandomBytes): string => mint('ac_', randomBytes);
export const mintRefreshToken = (randomBytes: RandomBytes): string => mint('rt_', randomBytes);

/**
 * The successor follows from its predecessor, so an app that asks again because our answer was lost gets the same one,
 * and a thief who does so gets the one that its owner holds too: whoever is second to use it gives the theft away.
 */
export const successorOf = async (wrappingKey: string, refreshToken: string): Promise<string> =>
  `rt_${await deriveSecret(wrappingKey, { purpose: 'refresh token', from: refreshToken })}`;
