// Hears the keys of the desk; while somebody types or a dialog is open they are only letters.
import { useEffect, useRef } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import { removable } from './desk.ts';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';
import { QUICK_TIMEOUT_SECONDS } from './desk-words.ts';
import { type KeyAct, keyAct, mustLookAgain } from './keys.ts';
import type { Place } from './places.tsx';
import { standsBelow, type You } from './reach.ts';
import { pickedAuthor, type Selection } from './use-selection.ts';

interface DeskKeys {
  isBlocked: boolean;
  acts: DeskActs;
  room: DeskRoom | null;
  selection: Selection;
  you: You;
  /** The line that one was at is gone by somebody else's hand, just now. */
  isSurprised(): boolean;
  onBan(author: Author): void;
  onHelp(): void;
  onPlace(place: Place): void;
}

/** Where letters are what is written, and arrows move within. */
const FIELDS = 'input, textarea, select, [contenteditable], dialog[open], [role=menu]';

export function useDeskKeys(desk: DeskKeys): void {
  /** As it was drawn last: a key means what is on the screen. */
  const drawn = useRef(desk);
  drawn.current = desk;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const isTyping = drawn.current.isBlocked || (target instanceof Element && target.closest(FIELDS) !== null);
      const act = keyAct({ key, ctrlKey, metaKey, altKey, isTyping });
      if (act === null) return;
      // A key that is held down moves on, and does nothing twice.
      if (event.repeat && act !== 'next' && act !== 'previous') return;
      event.preventDefault();
      perform(act, drawn.current);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Does what the key stands for, at the line that is chosen. */
export function perform(act: KeyAct, desk: DeskKeys): void {
  const { acts, room, selection, you, onBan, onHelp, onPlace } = desk;
  const { picked, area } = selection;
  if (mustLookAgain(act, { area, isSurprised: desk.isSurprised() })) {
    acts.tell('Somebody else was faster, and this is another line. Look, and press again.');
    return;
  }
  const author = pickedAuthor(picked);
  const enter = (to: 'queue' | 'log') => {
    onPlace(to);
    selection.enter(to);
  };
  const decide = (decision: 'approved' | 'denied') => {
    if (room && picked?.area === 'queue') void acts.decide(room, picked.line, decision);
    else acts.tell('No held line is chosen: h or ← leads into the queue.');
  };
  const remove = () => {
    const what = picked?.area === 'log' ? removable(picked.entry) : null;
    if (room && what) void acts.remove(room, what);
    else if (picked?.area === 'log') acts.tell('Nothing of that line is left to be removed.');
    else acts.tell('No message is chosen: l or → leads into the log.');
  };
  const toAuthor = (what: (author: Author) => void) => {
    if (author && standsBelow(you, author)) what(author);
    else if (author)
      acts.tell(`${author.name} stands above you or beside you. Ask somebody whose role does stand above.`);
    else acts.tell('Nobody is chosen: j and k lead from line to line.');
  };
  const filter = () => {
    onPlace('log');
    const field = document.getElementById('log-filter');
    // At once where it is to be seen: the next letter is meant for it, and would be an act.
    if (field?.offsetParent) field.focus();
    else requestAnimationFrame(() => field?.focus());
  };
  const table: Record<KeyAct, () => void> = {
    next: () => selection.move(1),
    previous: () => selection.move(-1),
    queue: () => enter('queue'),
    log: () => enter('log'),
    approve: () => decide('approved'),
    deny: () => decide('denied'),
    remove,
    timeout: () => toAuthor((whom) => void acts.ban(whom, { seconds: QUICK_TIMEOUT_SECONDS })),
    ban: () => toAuthor(onBan),
    undo: () => void acts.undo(),
    help: onHelp,
    filter,
  };
  table[act]();
}
