// Which lines a viewer may see now: those that were said at a picture that they have seen. Pure.
import type { Message } from '../../protocol/chat/message.ts';
import type { Line } from './state.ts';

export interface Seen {
  /** Programme time of the picture, Unix ms; infinite: nothing waits. */
  untilMs: number;
  /** One's own lines are no news. */
  youId: string | null;
}

/** A sender who does not say what they saw is shown at once. */
export const isDue = (said: Pick<Message, 'mediaTimeMs' | 'sentAt' | 'author'>, { untilMs, youId }: Seen): boolean =>
  said.mediaTimeMs === null || momentOf(said) <= untilMs || (youId !== null && said.author?.id === youId);

/** The moment of the programme that it belongs to: nobody has seen a picture before it was taken. */
export const momentOf = ({ mediaTimeMs, sentAt }: Pick<Message, 'mediaTimeMs' | 'sentAt'>): number => {
  const sentAtMs = Date.parse(sentAt);
  return Math.min(mediaTimeMs ?? sentAtMs, sentAtMs);
};

/** What of a line says when it may be shown; null: it belongs to no picture. */
export const saidIn = (line: Line): Pick<Message, 'mediaTimeMs' | 'sentAt' | 'author'> | null => {
  if (line.kind === 'message') return line.message;
  return line.kind === 'announcement' ? { ...line, sentAt: line.at } : null;
};

/** What was shown stays where it is while it exists; what has become due comes after it. */
export function showDue(shown: readonly Line[], lines: readonly Line[], seen: Seen): Line[] {
  const present = new Map(lines.map((line) => [line.key, line]));
  const stayed = shown.flatMap(({ key }) => present.get(key) ?? []);
  for (const { key } of stayed) present.delete(key);
  const come = [...present.values()].filter((line) => {
    const said = saidIn(line);
    return said === null || isDue(said, seen);
  });
  return [...stayed, ...come];
}
