// How the room is set: each change counts at once, for everybody.
import type { RoomSettings, UpdateRoom } from '../../protocol/chat/settings.ts';
import { duration } from '../chat/room-words.ts';
import { AGE_MINUTES, Choice, FOLLOWED_MINUTES, optionWords, SLOW_SECONDS } from './choice.tsx';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';

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
      <Choice
        name="slow"
        label="Slow mode: one message of a person every"
        value={settings.slowSeconds}
        choices={SLOW_SECONDS}
        words={optionWords.slow}
        onChoose={(slowSeconds) => change({ slowSeconds: slowSeconds ?? 0 })}
      />
      {automaticSlowSeconds > 0 && (
        <p class="muted">The room itself adds {duration(automaticSlowSeconds)} until it is calmer.</p>
      )}
      <Choice
        name="followers"
        label="Only followers, for at least"
        value={settings.followersOnlyMinutes}
        choices={FOLLOWED_MINUTES}
        words={optionWords.followers}
        onChoose={(followersOnlyMinutes) => change({ followersOnlyMinutes })}
      />
      <Choice
        name="age"
        label="Only accounts older than"
        value={settings.minAccountAgeMinutes}
        choices={AGE_MINUTES}
        words={optionWords.age}
        onChoose={(minutes) => change({ minAccountAgeMinutes: minutes ?? 0 })}
      />
      {SWITCHES.map(({ name, words }) => (
        <label class="desk-check" key={name}>
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={(event) => change({ [name]: event.currentTarget.checked })}
            data-testid={`mode-${name}`}
          />
          {words}
        </label>
      ))}
      {DOORS.map(({ name, words }) => (
        <label class="desk-check" key={name}>
          <input
            type="checkbox"
            checked={settings[name] === 'open'}
            onChange={(event) => change({ [name]: event.currentTarget.checked ? 'open' : 'closed' })}
          />
          {words}
        </label>
      ))}
    </section>
  );
}

const SWITCHES: readonly { name: 'emoteOnly' | 'unique' | 'subscribersOnly'; words: string }[] = [
  { name: 'emoteOnly', words: 'Only emoji' },
  { name: 'unique', words: 'Nothing twice' },
  { name: 'subscribersOnly', words: 'Only subscribers' },
];
const DOORS: readonly { name: keyof Pick<RoomSettings, 'beforeLive' | 'afterLive'>; words: string }[] = [
  { name: 'beforeLive', words: 'Open before the stream' },
  { name: 'afterLive', words: 'Open after the stream' },
];
