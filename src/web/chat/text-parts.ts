// A message taken apart for display: plain text, links that are safe to follow, and names. Pure; nothing of it is ever HTML.

export type TextPart =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  /** `isYou`: whoever reads it. */
  | { kind: 'mention'; text: string; isYou: boolean };

const TOKEN = /https?:\/\/[^\s<>"'`]+|@[A-Za-z0-9_-]+/gi;
/** What ends a sentence does not belong to its link. */
const TAIL = /[.,;:!?…)\]}*_~]+$/;

export function textParts(text: string, mentions: readonly string[], yourHandle: string | null): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const found = token.startsWith('@') ? mentionOf(token, mentions, yourHandle) : linkOf(token);
    // What goes on before it is an address of another kind: name@host.
    if (found === null || (index > 0 && /[\p{L}\p{N}]/u.test(text[index - 1] ?? ''))) continue;
    if (index > from) parts.push({ kind: 'text', text: text.slice(from, index) });
    parts.push(found);
    from = index + found.text.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

function mentionOf(token: string, mentions: readonly string[], yourHandle: string | null): TextPart | null {
  const handle = token.slice(1).toLowerCase();
  return mentions.includes(handle)
    ? { kind: 'mention', text: token, isYou: handle === yourHandle?.toLowerCase() }
    : null;
}

function linkOf(token: string): TextPart | null {
  const text = token.replace(TAIL, (tail) =>
    /\([^)]*$/.test(token.slice(0, -tail.length)) && tail.startsWith(')') ? ')' : '',
  );
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  // https://bank.example@evil.example looks like a place that it does not lead to.
  if (url.username !== '' || url.password !== '') return null;
  return { kind: 'link', text, href: url.href };
}

const ACTION = /^\/me\s+/i;

/** "/me waves" is said as something that one does. */
export const isAction = (text: string): boolean => ACTION.test(text);
export const actionOf = (text: string): string => text.replace(ACTION, '');

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** As people count them, and as the room does: a flag or a family is one. */
export const countCharacters = (text: string): number => [...segmenter.segment(text.trim())].length;
