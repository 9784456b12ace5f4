// Which lines a viewer may see now: those that were said at a picture that they have seen. Pure.
import type { Message } from '../../protocol/chat/message.ts';
import type { Line } from './state.ts';

export interface Seen {
  /** Programme time of the picture, Unix ms; infinite: nothing waits. */
  untilMs: number;
  /** One's own lines are no news. */
  youId: string | null;
}

/** A sender who does not say what they saw is shown at once; nobody has seen a picture before it was taken. */
export const isDue = ({ mediaTimeMs, sentAt, author }: Message, { untilMs, youId }: Seen): boolean =>
  mediaTimeMs === null ||
  Math.min(mediaTimeMs, Date.parse(sentAt)) <= untilMs ||
  (youId !== null && author?.id === youId);

/** What was shown stays where it is while it exists; what has become due comes after it. */
export function showDue(shown: readonly Line[], lines: readonly Line[], seen: Seen): Line[] {
  const present = new Map(lines.map((line) => [line.key, line]));
  const stayed = shown.flatMap(({ key }) => present.get(key) ?? []);
  for (const { key } of stayed) present.delete(key);
  const come = [...present.values()].filter((line) => line.kind !== 'message' || isDue(line.message, seen));
  return [...stayed, ...come];
}
