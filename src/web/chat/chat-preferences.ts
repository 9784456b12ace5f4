// What a viewer's browser remembers about the chat. It may be missing or refused.
import { signal } from '@preact/signals';
import type { SpoilerChoice } from './picture-clock.ts';

const KEY = 'footlight.chat.spoilers';

export const spoilerChoice = signal<SpoilerChoice>(readChoice());

export function chooseSpoilers(choice: SpoilerChoice): void {
  spoilerChoice.value = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Storage is forbidden: the choice holds for this page only.
  }
}

function readChoice(): SpoilerChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'on' || kept === 'off' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}
