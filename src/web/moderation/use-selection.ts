// Which line of the queue or the log one is at; when it goes, the next in its place.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { HeldLine } from '../../protocol/chat/held.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { authorOf, type LogEntry } from './desk.ts';
import { neighbour } from './keys.ts';

export type Area = 'queue' | 'log';
export type Picked = { area: 'queue'; line: HeldLine } | { area: 'log'; entry: LogEntry } | null;

export type Selection = ReturnType<typeof useSelection>;

/** `log`: as it is shown. */
export function useSelection({ held, log }: { held: readonly HeldLine[]; log: readonly LogEntry[] }) {
  const [area, setArea] = useState<Area>('queue');
  const [keys, setKeys] = useState<Record<Area, string | null>>({ queue: null, log: null });
  /** How often somebody chose a line by hand. */
  const [picks, setPicks] = useState(0);
  const lists: Record<Area, readonly string[]> = {
    queue: held.map(({ id }) => id),
    log: log.filter((entry) => authorOf(entry) !== null).map(({ key }) => key),
  };
  /** Where the chosen line of the queue stood last: when it is gone, the one after it takes its place, at once. */
  const place = useRef(0);
  const stands = keys.queue === null ? -1 : lists.queue.indexOf(keys.queue);
  if (stands >= 0) place.current = stands;
  const queueKey = lists.queue[stands >= 0 ? stands : Math.min(place.current, lists.queue.length - 1)] ?? null;
  useEffect(() => {
    if (queueKey !== keys.queue) setKeys((now) => ({ ...now, queue: queueKey }));
  }, [queueKey, keys.queue]);
  const at: Record<Area, string | null> = { queue: queueKey, log: keys.log };
  const key = at[area];

  const pick = (toArea: Area, toKey: string | null) => {
    setArea(toArea);
    setPicks((count) => count + 1);
    setKeys((now) => ({ ...now, [toArea]: toKey }));
  };
  const line = area === 'queue' ? held.find(({ id }) => id === key) : undefined;
  const entry = area === 'log' ? log.find((one) => one.key === key) : undefined;
  const picked: Picked = line ? { area: 'queue', line } : entry ? { area: 'log', entry } : null;
  return {
    area,
    key,
    picked,
    picks,
    pick,
    isAt: (ofArea: Area, ofKey: string) => area === ofArea && key === ofKey,
    /** To the neighbour, which gets the focus once it is drawn. */
    move(step: 1 | -1) {
      const next = neighbour(lists[area], key, step);
      pick(area, next);
      focusRow(next);
    },
    /** The queue begins at its oldest line, the log at its newest. */
    enter(toArea: Area) {
      const known = at[toArea];
      const list = lists[toArea];
      const to =
        known !== null && list.includes(known) ? known : ((toArea === 'queue' ? list[0] : list.at(-1)) ?? null);
      pick(toArea, to);
      focusRow(to);
    },
  };
}

export function pickedAuthor(picked: Picked): Author | null {
  if (picked === null) return null;
  return picked.area === 'queue' ? picked.line.author : authorOf(picked.entry);
}

function focusRow(key: string | null): void {
  if (key === null) return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus());
}
