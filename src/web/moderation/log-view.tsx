// The log of the room as it goes: what was said, what was taken away (struck through), what nobody saw, and how the room was set.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import { Icon } from '../components/icon.tsx';
import { clock } from '../words.ts';
import { type LogEntry, type LogFilter, removable, type UnseenBy } from './desk.ts';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';
import { reasonWords } from './desk-words.ts';
import { PersonName } from './person-name.tsx';
import { mayRemove, type You } from './reach.ts';
import type { Selection } from './use-selection.ts';

/** Drawn while one stays at the newest; the rest is drawn for who scrolls up. */
const NEWEST_DRAWN = 120;
/** This near to the end is at the end. */
const NEAR_PX = 40;

interface LogProps {
  /** Filtered. */
  log: readonly LogEntry[];
  /** How many there are without the filter. */
  total: number;
  room: DeskRoom | null;
  acts: DeskActs;
  you: You;
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
  selection: Selection;
  onPerson(author: Author): void;
}

export function LogView({ log, total, filter, onFilter, ...row }: LogProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const isReading = row.selection.area === 'log' && row.selection.key !== null;
  const stays = isAtEnd && !isReading;
  const drawn = stays ? log.slice(-NEWEST_DRAWN) : log;
  useLayoutEffect(() => {
    if (stays && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = () => {
    const view = box.current;
    if (view) setAtEnd(view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_PX);
  };
  return (
    <section class="desk-pane desk-log" id="place-log" aria-labelledby="log-title">
      <header class="desk-pane-head">
        <h2 id="log-title">Log</h2>
        <input
          class="input desk-filter"
          id="log-filter"
          type="search"
          placeholder="Words or @handle"
          aria-label="Filter the log by words, or by @handle"
          value={filter.text}
          onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            onFilter({ ...filter, text: '' });
            event.currentTarget.blur();
          }}
          data-testid="log-filter"
        />
        <button
          type="button"
          class="button button-small desk-toggle"
          aria-pressed={filter.onlyStopped}
          onClick={() => onFilter({ ...filter, onlyStopped: !filter.onlyStopped })}
          title="Only what was removed or denied"
          data-testid="log-stopped"
        >
          Stopped
        </button>
      </header>
      <div class="desk-scroll" ref={box} onScroll={onScroll}>
        <ol class="desk-rows" data-testid="log">
          {drawn.map((entry) => (
            <LogRow entry={entry} key={entry.key} {...row} />
          ))}
        </ol>
        {log.length === 0 && (
          <p class="desk-empty">{total === 0 ? 'Nothing has happened yet.' : 'Nothing in the log is like that.'}</p>
        )}
      </div>
      {!stays && log.length > 0 && (
        <button
          type="button"
          class="button button-small desk-to-end"
          onClick={() => {
            row.selection.pick('queue', null);
            setAtEnd(true);
          }}
        >
          To the newest
        </button>
      )}
    </section>
  );
}

type RowProps = Omit<LogProps, 'log' | 'total' | 'filter' | 'onFilter'> & { entry: LogEntry };

function LogRow({ entry, room, acts, you, selection, onPerson }: RowProps) {
  if (entry.kind === 'gap') return <li class="log-fact">Something was missed here.</li>;
  if (entry.kind === 'fact') {
    return (
      <li class="log-fact" data-testid="log-fact">
        <time dateTime={entry.at}>{clock(entry.at)}</time> {entry.words}
      </li>
    );
  }
  const isAt = selection.isAt('log', entry.key);
  const facts = factsOf(entry);
  const what = removable(entry);
  return (
    <li
      class="desk-row log-row"
      data-row={entry.key}
      data-at={isAt}
      aria-current={isAt}
      data-stopped={facts.isStopped}
      tabIndex={isAt ? 0 : -1}
      onFocusIn={() => isAt || selection.pick('log', entry.key)}
      onPointerDown={() => selection.pick('log', entry.key)}
      data-testid="log-row"
    >
      <p class="desk-said">
        <time dateTime={facts.at}>{clock(facts.at)}</time> <PersonName author={facts.author} onPerson={onPerson} />
        {': '}
        <span class="desk-text" dir="auto">
          {facts.isStopped ? <s>{facts.text}</s> : facts.text}
        </span>
      </p>
      {facts.note && (
        <p class="log-note" data-testid="log-note">
          {facts.note}
        </p>
      )}
      {what && mayRemove(you, what.author) && (
        <button
          type="button"
          class="icon-button log-remove"
          tabIndex={isAt ? 0 : -1}
          disabled={acts.busy.value.includes(what.id)}
          onClick={() => room && void acts.remove(room, what)}
          aria-label={`Remove what ${what.author?.name ?? 'somebody who left'} said`}
          title="Remove (x)"
          data-testid="log-remove"
        >
          <Icon name="bin" />
        </button>
      )}
    </li>
  );
}

interface Facts {
  author: Author | null;
  text: string;
  at: string;
  isStopped: boolean;
  /** What became of it, and by whom; null: nothing to say. */
  note: string | null;
}

function factsOf(entry: Exclude<LogEntry, { kind: 'gap' | 'fact' }>): Facts {
  switch (entry.kind) {
    case 'message': {
      const { author, text, sentAt: at } = entry.message;
      const note =
        entry.gone === 'moderator'
          ? `Removed by ${entry.goneBy ?? 'a moderator'}`
          : entry.gone === 'author'
            ? 'Taken back by its author'
            : entry.approvedBy && `Approved by ${entry.approvedBy}`;
      return { author, text, at, isStopped: entry.gone !== null, note };
    }
    case 'denied': {
      const { author, text, reason } = entry.line;
      return { author, text, at: entry.at, isStopped: true, note: `${deniedWords(entry.by)} · ${reasonWords(reason)}` };
    }
    case 'announcement': {
      const { author, text, at, gone, goneBy } = entry;
      const removed = goneBy === null ? 'removed' : `removed by ${goneBy}`;
      return { author, text, at, isStopped: gone !== null, note: gone ? `Announcement, ${removed}` : 'Announcement' };
    }
  }
}

function deniedWords(by: UnseenBy): string {
  if (by.what === 'nobody') return 'Ran out';
  return by.what === 'judge' ? 'Denied by the judges' : `Denied by ${by.person?.name ?? 'somebody who left'}`;
}
