// The lines of the room: stays at the newest while the reader is there, and says how many came while they read further up.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type LineActs, type LineProps, RoomLine } from './message-line.tsx';
import type { Line, Pending } from './state.ts';

/** Drawn while the reader stays at the newest; the rest is drawn when they scroll up. */
const NEWEST_DRAWN = 80;
/** This near to the end is at the end. */
const NEAR_PX = 48;

interface LineListProps extends LineActs {
  lines: readonly Line[];
  pending: readonly Pending[];
  you: LineProps['you'];
}

export function LineList({ lines, pending, you, ...acts }: LineListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  /** The newest line that was seen at the end, and where the view stood before more was drawn above it. */
  const seenKey = useRef<string | null>(null);
  const fromEndPx = useRef<number | null>(null);
  const drawn = isAtEnd ? lines.slice(-NEWEST_DRAWN) : lines;
  const waiting = pending.filter(({ state }) => state === 'sending');
  const newest = lines.at(-1)?.key ?? null;
  // One line is a stop of Tab: the one that the keyboard was at, or else the newest.
  const isThere = drawn.some(({ key }) => key === activeKey);
  const stopKey = isThere ? activeKey : drawn.findLast(({ kind }) => kind === 'message')?.key;
  if (isAtEnd) seenKey.current = newest;
  const unseen = lines.length - 1 - lines.findLastIndex(({ key }) => key === seenKey.current);

  useLayoutEffect(() => {
    const view = box.current;
    if (!view) return;
    if (isAtEnd) view.scrollTop = view.scrollHeight;
    else if (fromEndPx.current !== null) view.scrollTop = view.scrollHeight - fromEndPx.current;
    fromEndPx.current = null;
  });

  const onScroll = () => {
    const view = box.current;
    if (!view) return;
    const isNear = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_PX;
    if (isNear === isAtEnd) return;
    // More is drawn above: what is read stays where it is.
    if (!isNear) fromEndPx.current = view.scrollHeight - view.scrollTop;
    setAtEnd(isNear);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const view = box.current;
    if (step === undefined || !view) return;
    const rows = [...view.querySelectorAll<HTMLElement>('.chat-line[data-key]')];
    const at = rows.findIndex((row) => row.dataset.key === stopKey);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (!next) return;
    event.preventDefault();
    setActiveKey(next.dataset.key ?? null);
    next.focus();
  };

  const onFocus = (event: FocusEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.chat-line');
    if (row?.dataset.key) setActiveKey(row.dataset.key);
  };

  return (
    <div class="chat-lines-frame">
      <div
        ref={box}
        class="chat-lines"
        role="log"
        aria-live="polite"
        aria-label="Messages. The arrow keys go from one to the next."
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocusIn={onFocus}
        data-testid="chat-lines"
      >
        <ol>
          {drawn.map((line) => (
            <RoomLine line={line} you={you} isActive={line.key === stopKey} key={line.key} {...acts} />
          ))}
          {waiting.map(({ clientId, text }) => (
            <li class="chat-line chat-pending" key={clientId} data-testid="chat-pending">
              <p class="chat-said">
                <bdi class="chat-name">You</bdi>: <span dir="auto">{text}</span>
              </p>
            </li>
          ))}
        </ol>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="button button-small chat-to-end"
          onClick={() => setAtEnd(true)}
          data-testid="chat-to-end"
        >
          {unseen > 0 ? `${unseen} new` : 'To the newest'}
        </button>
      )}
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, Home: -1_000, End: 1_000 };
