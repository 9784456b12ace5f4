// The modes of a room as fields: those of the room itself, and those that a shield puts over it.
import type { ComponentChildren } from 'preact';
import type { RoomSettings } from '../../protocol/chat/settings.ts';
import { AGE_MINUTES, Choice, FOLLOWED_MINUTES, optionWords, SLOW_SECONDS } from './choice.tsx';

type Chosen = Pick<RoomSettings, 'slowSeconds' | 'followersOnlyMinutes' | 'minAccountAgeMinutes'>;

interface ModeChoicesProps {
  /** Before the names of the fields. */
  prefix?: string;
  slowLabel: string;
  settings: Chosen;
  onChange(change: Partial<Chosen>): void;
  /** What is to be said of slow mode beside. */
  children?: ComponentChildren;
}

export function ModeChoices({ prefix = '', slowLabel, settings, onChange, children }: ModeChoicesProps) {
  return (
    <>
      <Choice
        name={`${prefix}slow`}
        label={slowLabel}
        value={settings.slowSeconds}
        choices={SLOW_SECONDS}
        words={optionWords.slow}
        onChoose={(slowSeconds) => onChange({ slowSeconds: slowSeconds ?? 0 })}
      />
      {children}
      <Choice
        name={`${prefix}followers`}
        label="Only followers, for at least"
        value={settings.followersOnlyMinutes}
        choices={FOLLOWED_MINUTES}
        words={optionWords.followers}
        onChoose={(followersOnlyMinutes) => onChange({ followersOnlyMinutes })}
      />
      <Choice
        name={`${prefix}age`}
        label="Only accounts older than"
        value={settings.minAccountAgeMinutes}
        choices={AGE_MINUTES}
        words={optionWords.age}
        onChoose={(minutes) => onChange({ minAccountAgeMinutes: minutes ?? 0 })}
      />
    </>
  );
}

/** What is on or off in a room. */
export const MODE_SWITCHES = [
  { name: 'emoteOnly', words: 'Only emoji' },
  { name: 'unique', words: 'Nothing twice' },
  { name: 'subscribersOnly', words: 'Only subscribers' },
] as const;

interface CheckProps {
  words: string;
  isChecked: boolean;
  onCheck(isChecked: boolean): void;
  testId?: string;
}

export function Check({ words, isChecked, onCheck, testId }: CheckProps) {
  return (
    <label class="desk-check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onCheck(event.currentTarget.checked)}
        {...(testId && { 'data-testid': testId })}
      />
      {words}
    </label>
  );
}
