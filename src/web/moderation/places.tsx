// The places of the desk: tabs that lead to them, and the side where all but the queue and the log stand.
import { useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import type { ReportNotice } from '../../protocol/reports.ts';
import { AppealsBox } from './appeals-box.tsx';
import { BansBox } from './bans-box.tsx';
import type { LogEntry } from './desk.ts';
import type { DeskActs } from './desk-acts.ts';
import type { Scope } from './desk-bans.ts';
import type { DeskRoom } from './desk-room.ts';
import { ModesBox } from './modes-box.tsx';
import { PersonCard } from './person-card.tsx';
import type { You } from './reach.ts';
import { ReportsBox } from './reports-box.tsx';
import { RulesBox } from './rules-box.tsx';
import { ShieldBox } from './shield-box.tsx';

export type Place = 'queue' | 'log' | SidePlace;
export type SidePlace = 'person' | 'reports' | 'bans' | 'appeals' | 'rules' | 'modes' | 'shield';

const PLACES: readonly { place: Place; words: string }[] = [
  { place: 'queue', words: 'Queue' },
  { place: 'log', words: 'Log' },
  { place: 'person', words: 'Person' },
  { place: 'reports', words: 'Reports' },
  { place: 'bans', words: 'Bans' },
  { place: 'appeals', words: 'Appeals' },
  { place: 'modes', words: 'Modes' },
  { place: 'shield', words: 'Shield' },
  { place: 'rules', words: 'Rules' },
];

interface PlaceTabsProps {
  place: Place;
  /** What stands at the side of a wide window. */
  side: SidePlace;
  waiting: number;
  /** Open ones. */
  reports: number;
  onPlace(place: Place): void;
}

/** Wide windows show the queue and the log always: their tabs are for narrow ones. */
export function PlaceTabs({ place, side, waiting, reports, onPlace }: PlaceTabsProps) {
  const step = (by: 1 | -1, from: EventTarget | null) => {
    const tabs = [
      ...((from as Element | null)?.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]') ?? []),
    ];
    const seen = tabs.filter((tab) => tab.offsetParent !== null);
    const next = seen[(seen.indexOf(document.activeElement as HTMLElement) + by + seen.length) % seen.length];
    next?.focus();
    next?.click();
  };
  return (
    <div class="desk-tabs" role="tablist" aria-label="Places of the desk">
      {PLACES.map((one) => (
        <button
          type="button"
          role="tab"
          id={`tab-${one.place}`}
          data-place={one.place}
          data-side={one.place === side}
          aria-selected={one.place === place}
          aria-controls={`place-${one.place}`}
          tabIndex={one.place === place || one.place === side ? 0 : -1}
          onClick={() => onPlace(one.place)}
          onKeyDown={(event) => {
            const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null;
            if (by === null) return;
            event.preventDefault();
            step(by, event.currentTarget);
          }}
          data-testid={`tab-${one.place}`}
          key={one.place}
        >
          {one.words}
          {one.place === 'queue' && waiting > 0 && <span class="desk-count">{waiting}</span>}
          {one.place === 'reports' && reports > 0 && <span class="desk-count">{reports}</span>}
        </button>
      ))}
    </div>
  );
}

/** On a wide window something always stands at the side: what stood there last. */
export function useLastSide(place: Place): SidePlace {
  const [side, setSide] = useState<SidePlace>('person');
  const now = place === 'queue' || place === 'log' ? side : place;
  if (now !== side) setSide(now);
  return now;
}

const CHANNEL: readonly Scope[] = ['channel'];
const BOTH: readonly Scope[] = ['channel', 'platform'];

interface SideProps {
  side: SidePlace;
  channel: ModeratedChannel;
  room: DeskRoom | null;
  acts: DeskActs;
  you: You;
  /** Whose card is shown; null: nobody is chosen. */
  person: Author | null;
  /** Grows when somebody is chosen by name. */
  chosen: number;
  log: readonly LogEntry[];
  /** The newest word about reports. */
  notice: ReportNotice | null;
  onPerson(author: Author): void;
  onBan(author: Author): void;
}

export function Side({ side, channel, room, acts, you, person, chosen, log, notice, onPerson, onBan }: SideProps) {
  return (
    <section class="desk-pane desk-side" id={`place-${side}`} role="tabpanel" aria-labelledby={`tab-${side}`}>
      <div class="desk-scroll">
        {side === 'person' && (
          <PersonCard
            channelId={channel.id}
            person={person}
            turn={chosen + acts.count.value}
            acts={acts}
            you={you}
            log={log}
            onPerson={onPerson}
            onBan={onBan}
          />
        )}
        {side === 'reports' && (
          <ReportsBox channelId={channel.id} acts={acts} notice={notice} onPerson={onPerson} onBan={onBan} />
        )}
        {side === 'bans' && <BansBox acts={acts} scopes={acts.isOfPlatform ? BOTH : CHANNEL} onPerson={onPerson} />}
        {side === 'appeals' && <AppealsBox channelId={channel.id} acts={acts} onPerson={onPerson} />}
        {side === 'shield' && <ShieldBox channelId={channel.id} />}
        {side === 'modes' && <ModesBox room={room} acts={acts} />}
        {side === 'rules' && <RulesBox channelId={channel.id} />}
      </div>
    </section>
  );
}
