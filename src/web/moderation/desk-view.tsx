// The desk: the queue, the log and what belongs to the person or the channel side by side; on a phone one of them at a time.

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { HeldDecision } from '../../protocol/chat/held.ts';
import type { Author } from '../../protocol/chat/message.ts';
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import { useTitle } from '../components/use-title.ts';
import { session } from '../session.ts';
import { BanDialog } from './ban-dialog.tsx';
import { EMPTY_DESK, filterLog, type LogFilter } from './desk.ts';
import { type DeskActs, deskActs } from './desk-acts.ts';
import { DeskHead } from './desk-head.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LogView } from './log-view.tsx';
import { type Place, PlaceTabs, Side, useLastSide } from './places.tsx';
import { QueueView } from './queue-view.tsx';
import { ToldBar } from './told-bar.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { useDeskRoom } from './use-desk-room.ts';
import { useOpenReports } from './use-open-reports.ts';
import { pickedAuthor, useSelection } from './use-selection.ts';
import './desk.css';
import './side.css';

/** The next line has come under the finger of whoever was about to decide about another. */
const LOOK_AGAIN_MS = 700;

interface DeskProps {
  channel: ModeratedChannel;
  /** The stream has begun, ended or made room for the next, or one's role is another. */
  onChanged(): Promise<void>;
}

export function Desk({ channel, onChanged }: DeskProps) {
  const isOfPlatform = channel.role === 'moderator' || channel.role === 'admin';
  const acts = useMemo(() => deskActs(channel.id, isOfPlatform), [channel.id, isOfPlatform]);
  /** The held line that one is at, and when somebody else decided about the last such. */
  const atLine = useRef({ id: null as string | null, takenAtMs: 0 });
  const hearing = useMemo(() => ({ decided: tellWhoWasFaster(acts, atLine.current), acted: acts.heard }), [acts]);
  const room = useDeskRoom(channel.currentStream?.id ?? null, hearing);
  const desk = room?.state.value ?? EMPTY_DESK;
  const you = room?.door.state.value.you ?? null;
  const link = room?.door.state.value.link ?? null;
  const [place, setPlace] = useState<Place>('queue');
  const side = useLastSide(place);
  const [filter, setFilter] = useState<LogFilter>({ text: '', onlyStopped: false });
  const [dialog, setDialog] = useState<'help' | { ban: Author } | null>(null);
  const [person, setPerson] = useState<Author | null>(null);
  /** How often somebody was chosen by name: their card is read anew. */
  const [chosen, setChosen] = useState(0);

  const held = desk.held ?? [];
  useTitle(`${held.length > 0 ? `(${held.length}) ` : ''}Moderation of ${channel.name}`);
  const log = useMemo(() => filterLog(desk.log, filter), [desk.log, filter]);
  const selection = useSelection({ held, log });
  const picked = pickedAuthor(selection.picked);
  atLine.current.id = selection.picked?.area === 'queue' ? selection.picked.line.id : null;
  const choose = useCallback((author: Author) => {
    setPerson(author);
    setChosen((count) => count + 1);
    setPlace('person');
  }, []);
  // The card follows the lines; not while somebody reads or writes in it.
  useEffect(() => {
    if (picked && !document.activeElement?.closest('.desk-side')) setPerson(picked);
  }, [picked?.id, selection.picks]);

  const reports = useOpenReports(channel.id, desk.reports, acts.count.value);
  useEffect(() => {
    void acts.readBans();
    void acts.readShield().catch((error: Error) => acts.tell(error.message, true));
  }, [acts]);
  const { streamState } = desk.room ?? {};
  const hasEnded = streamState === 'ended' || (link?.kind === 'over' && link.reason === 'room_closed');
  const isOver = hasEnded || link?.kind === 'over';
  const mayNotAnyMore = you !== null && !you.mayModerate;
  useEffect(() => {
    if (streamState !== undefined || isOver || mayNotAnyMore) void onChanged();
  }, [streamState, isOver, mayNotAnyMore, onChanged]);

  useDeskKeys({
    isBlocked: dialog !== null,
    acts,
    room,
    selection,
    you,
    isSurprised: () => Date.now() - atLine.current.takenAtMs < LOOK_AGAIN_MS,
    onBan: (author) => setDialog({ ban: author }),
    onHelp: () => setDialog('help'),
    onPlace: setPlace,
  });

  return (
    <div class="desk" data-place={place} data-link={link?.kind} data-testid="desk">
      <DeskHead
        channel={channel}
        link={link}
        viewers={desk.viewers}
        shield={desk.room?.shield}
        judge={desk.room?.judge ?? 'off'}
        acts={acts}
        state={desk.room?.streamState ?? channel.currentStream?.state ?? null}
        onHelp={() => setDialog('help')}
      />
      <PlaceTabs place={place} side={side} waiting={held.length} reports={reports} onPlace={setPlace} />
      <QueueView
        held={desk.held}
        room={room}
        acts={acts}
        you={you}
        selection={selection}
        hasStream={channel.currentStream !== null && !hasEnded}
        onPerson={choose}
        onBan={(author) => setDialog({ ban: author })}
      />
      <LogView
        log={log}
        total={desk.log.length}
        room={room}
        acts={acts}
        you={you}
        filter={filter}
        onFilter={setFilter}
        selection={selection}
        onPerson={choose}
      />
      <Side
        side={side}
        channel={channel}
        room={room}
        acts={acts}
        you={you}
        person={person}
        chosen={chosen}
        log={desk.log}
        notice={desk.reports}
        onPerson={choose}
        onBan={(author) => setDialog({ ban: author })}
      />
      <ToldBar acts={acts} />
      {dialog === 'help' && <HelpDialog onClose={() => setDialog(null)} />}
      {dialog !== null && dialog !== 'help' && (
        <BanDialog whom={dialog.ban} acts={acts} onClose={() => setDialog(null)} />
      )}
    </div>
  );
}

/** A line that one may be looking at is gone: by whom. */
const tellWhoWasFaster =
  (acts: DeskActs, at: { id: string | null; takenAtMs: number }) =>
  ({ id, decision, by }: HeldDecision): void => {
    // One's own: on its way back, or what waited of somebody whom one has just banned.
    if (acts.busy.peek().includes(id) || (by !== null && by.id === session.peek()?.user?.id)) return;
    if (at.id === id) at.takenAtMs = Date.now();
    if (decision === 'expired') acts.tell('A held line has run out: nobody decided in time.');
    else acts.tell(`${by?.name ?? 'Somebody'} has ${decision} a held line.`);
  };
