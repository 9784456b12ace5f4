// Where somebody goes after signing in: a page of ours, whatever the address asked for.

/** The consent page carries the whole request of an app in its address. */
const LENGTH_MAX = 8000;
/** Any origin does: what matters is whether the path stays on it. */
const SOMEWHERE = 'https://here.invalid';

/** The path as the browser will understand it, or null when it leads anywhere else. */
export function readReturnTo(asked: string): string | null {
  if (asked.length > LENGTH_MAX || !asked.startsWith('/') || hasControlCharacter(asked) || asked.includes('\\')) {
    return null;
  }
  if (!URL.canParse(asked, SOMEWHERE)) return null;
  const { origin, pathname, search, hash } = new URL(asked, SOMEWHERE);
  // "/.//evil.example" stays on the origin, and is "//evil.example" once its dots are resolved.
  if (origin !== SOMEWHERE || pathname.startsWith('//')) return null;
  return pathname + search + hash;
}

/** Browsers drop tabs and line ends from addresses, which makes two slashes of "/\t/". */
const hasControlCharacter = (text: string): boolean =>
  Array.from(text).some((character) => character.charCodeAt(0) < 0x20 || character.charCodeAt(0) === 0x7f);
