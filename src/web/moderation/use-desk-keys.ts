// Hears the keys of the desk; while somebody types or a dialog is open they are only letters.
import { useEffect } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';
import { QUICK_TIMEOUT_SECONDS } from './desk-words.ts';
import { type KeyAct, keyAct } from './keys.ts';
import type { Place } from './places.tsx';
import { pickedAuthor, type Selection } from './use-selection.ts';

interface DeskKeys {
  isBlocked: boolean;
  acts: DeskActs;
  room: DeskRoom | null;
  selection: Selection;
  onBan(author: Author): void;
  onHelp(): void;
  onPlace(place: Place): void;
}

/** Where letters are what is written, and arrows move within. */
const FIELDS = 'input, textarea, select, [contenteditable], dialog[open], [role=menu]';

export function useDeskKeys({ isBlocked, ...desk }: DeskKeys): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const isTyping = isBlocked || (target instanceof Element && target.closest(FIELDS) !== null);
      const act = keyAct({ key, ctrlKey, metaKey, altKey, isTyping });
      if (act === null) return;
      // A key that is held down moves on, and does nothing twice.
      if (event.repeat && act !== 'next' && act !== 'previous') return;
      event.preventDefault();
      perform(act, desk);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });
}

function perform(act: KeyAct, { acts, room, selection, onBan, onHelp, onPlace }: Omit<DeskKeys, 'isBlocked'>): void {
  const { picked } = selection;
  const author = pickedAuthor(picked);
  switch (act) {
    case 'next':
      return selection.move(1);
    case 'previous':
      return selection.move(-1);
    case 'queue':
    case 'log':
      onPlace(act);
      return selection.enter(act);
    case 'approve':
    case 'deny':
      if (room && picked?.area === 'queue')
        return void acts.decide(room, picked.line, act === 'approve' ? 'approved' : 'denied');
      return acts.tell('No held line is chosen: h or ← leads into the queue.');
    case 'remove':
      if (room && picked?.area === 'log' && picked.entry.kind === 'message')
        return void acts.remove(room, picked.entry.message);
      return acts.tell('No message is chosen: l or → leads into the log.');
    case 'timeout':
      return author ? void acts.ban(author, { seconds: QUICK_TIMEOUT_SECONDS }) : acts.tell(NOBODY);
    case 'ban':
      return author ? onBan(author) : acts.tell(NOBODY);
    case 'undo':
      return void acts.undo();
    case 'help':
      return onHelp();
    case 'filter':
      onPlace('log');
      requestAnimationFrame(() => document.getElementById('log-filter')?.focus());
      return;
  }
}

const NOBODY = 'Nobody is chosen: j and k lead from line to line.';
