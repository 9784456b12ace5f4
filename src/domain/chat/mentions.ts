// Whom a message names: `@handle`, as handles are written.

/** More is a nuisance, not a conversation. */
const MENTIONS_MAX = 10;
/** A dot at the end belongs to the sentence. */
const MENTION = /(?<![\w@.-])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,38}[A-Za-z0-9_-])?)/g;

/** In lower case, each once, in the order of the text. */
export const mentionsIn = (text: string): string[] =>
  [...new Set([...text.matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase()))].slice(0, MENTIONS_MAX);
