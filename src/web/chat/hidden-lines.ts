// The lines of a room without those that are hidden from this viewer, and without quotes of them.
import { useMemo } from 'preact/hooks';
import { asSeenBy } from '../../domain/chat/hiding.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type { Line } from './state.ts';

/** `hidden`: ids of people, as the room tells them. */
export function visibleLines(lines: readonly Line[], hidden: readonly string[]): readonly Line[] {
  if (hidden.length === 0) return lines;
  const ids = new Set(hidden);
  return lines.flatMap((line): Line[] => {
    if (line.kind !== 'message') return [line];
    const message = asSeenBy(ids, line.message);
    if (message === line.message) return [line];
    return message ? [{ ...line, message }] : [];
  });
}

/** What is left of the room for this viewer. */
export function useVisible<Shown extends { lines: readonly Line[]; pinned: Message | null }>(
  shown: Shown,
  hidden: readonly string[],
): Pick<Shown, 'lines' | 'pinned'> {
  const { lines, pinned } = shown;
  return useMemo(
    () => ({ lines: visibleLines(lines, hidden), pinned: pinned && asSeenBy(new Set(hidden), pinned) }),
    [lines, pinned, hidden],
  );
}
