// A random word that a browser keeps, so that somebody who is banned is recognised under a new name; it is stored nowhere as it is.
import { base64url } from 'jose';
import { makeCookie, readCookie } from './cookies.ts';

const NAME = 'footlight-device';
const WORD_BYTES = 18;
const WORD = /^[\w-]{24}$/;
const LIFETIME_SECONDS = 180 * 24 * 60 * 60;

/** Null: the browser has none. */
export function deviceOf(headers: Headers, base: string): string | null {
  const word = readCookie({ base, name: NAME }, headers);
  return word !== null && WORD.test(word) ? word : null;
}

/** For a browser that has none. */
export function newDevice(base: string, randomBytes: Uint8Array): { word: string; setCookie: string } {
  const word = base64url.encode(randomBytes.subarray(0, WORD_BYTES));
  return { word, setCookie: makeCookie({ base, name: NAME }, word, LIFETIME_SECONDS) };
}
