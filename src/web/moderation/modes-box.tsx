// How the room is set: each change counts at once, for everybody.
import type { RoomSettings, UpdateRoom } from '../../protocol/chat/settings.ts';
import { duration } from '../chat/room-words.ts';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';
import { Check, MODE_SWITCHES, ModeChoices } from './mode-fields.tsx';

export function ModesBox({ room, acts }: { room: DeskRoom | null; acts: DeskActs }) {
  const view = room?.state.value.room ?? null;
  if (room === null || view === null) {
    return (
      <section aria-labelledby="modes-title">
        <h2 id="modes-title">Modes</h2>
        <p class="desk-empty">Modes belong to the room of a stream. None is open.</p>
      </section>
    );
  }
  const { settings, automaticSlowSeconds } = view;
  const change = (changes: UpdateRoom) => void acts.change(room, changes, settings);
  return (
    <section class="modes" aria-labelledby="modes-title">
      <h2 id="modes-title">Modes</h2>
      <ModeChoices slowLabel="Slow mode: one message of a person every" settings={settings} onChange={change}>
        {automaticSlowSeconds > 0 && (
          <p class="muted">The room itself adds {duration(automaticSlowSeconds)} until it is calmer.</p>
        )}
      </ModeChoices>
      {MODE_SWITCHES.map(({ name, words }) => (
        <Check
          words={words}
          isChecked={settings[name]}
          onCheck={(isChecked) => change({ [name]: isChecked })}
          testId={`mode-${name}`}
          key={name}
        />
      ))}
      {DOORS.map(({ name, words }) => (
        <Check
          words={words}
          isChecked={settings[name] === 'open'}
          onCheck={(isChecked) => change({ [name]: isChecked ? 'open' : 'closed' })}
          key={name}
        />
      ))}
    </section>
  );
}

const DOORS: readonly { name: keyof Pick<RoomSettings, 'beforeLive' | 'afterLive'>; words: string }[] = [
  { name: 'beforeLive', words: 'Open before the stream' },
  { name: 'afterLive', words: 'Open after the stream' },
];
