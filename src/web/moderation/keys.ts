// The keys of the moderation page: one key is one act. Pure.

export type KeyAct =
  | 'next'
  | 'previous'
  | 'queue'
  | 'log'
  | 'approve'
  | 'deny'
  | 'timeout'
  | 'ban'
  | 'remove'
  | 'undo'
  | 'help'
  | 'filter';

/** In the order of the help; the first key of an act is the one that is written. */
export const KEYS: readonly { act: KeyAct; keys: readonly string[]; shown: string; words: string }[] = [
  { act: 'next', keys: ['j', 'ArrowDown'], shown: 'j or ↓', words: 'To the next line' },
  { act: 'previous', keys: ['k', 'ArrowUp'], shown: 'k or ↑', words: 'To the line before' },
  { act: 'queue', keys: ['h', 'ArrowLeft'], shown: 'h or ←', words: 'Into the queue' },
  { act: 'log', keys: ['l', 'ArrowRight'], shown: 'l or →', words: 'Into the log' },
  { act: 'approve', keys: ['a'], shown: 'a', words: 'Approve the held line: everybody sees it' },
  { act: 'deny', keys: ['d'], shown: 'd', words: 'Deny the held line: nobody sees it' },
  { act: 'remove', keys: ['x'], shown: 'x', words: 'Remove the message everywhere' },
  { act: 'timeout', keys: ['t'], shown: 't', words: 'Its author says nothing for 10 minutes' },
  { act: 'ban', keys: ['b'], shown: 'b', words: 'Ban its author; asks for the reason' },
  { act: 'undo', keys: ['u'], shown: 'u', words: 'Undo what you did last, where that can be' },
  { act: 'filter', keys: ['/'], shown: '/', words: 'Filter the log' },
  { act: 'help', keys: ['?'], shown: '?', words: 'This list' },
];

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** Into a field, or a dialog is open. */
  isTyping: boolean;
}

/** Null: the key is the browser's or the field's. */
export function keyAct({ key, ctrlKey, metaKey, altKey, isTyping }: Pressed): KeyAct | null {
  if (isTyping || ctrlKey || metaKey || altKey) return null;
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return KEYS.find(({ keys }) => keys.includes(wanted))?.act ?? null;
}

/** Would it hit another line, or its author, than the one that was looked at? `isSurprised`: the line that one was at has just gone. */
export function mustLookAgain(
  act: KeyAct,
  { area, isSurprised }: { area: 'queue' | 'log'; isSurprised: boolean },
): boolean {
  if (act === 'approve' || act === 'deny') return isSurprised;
  // In the log no other line takes the place of one that goes.
  return isSurprised && area === 'queue' && (act === 'timeout' || act === 'ban');
}

/** The key of a neighbour in a list; the nearest end where there is none, null in an empty list. */
export function neighbour(keys: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (keys.length === 0) return null;
  const at = current === null ? -1 : keys.indexOf(current);
  if (at < 0) return (step > 0 ? keys[0] : keys.at(-1)) ?? null;
  return keys[Math.min(keys.length - 1, Math.max(0, at + step))] ?? null;
}
