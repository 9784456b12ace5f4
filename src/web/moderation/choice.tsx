// A number of the usual ones, in words; and which ones are usual for the modes of a room.
import { duration } from '../chat/room-words.ts';

export const SLOW_SECONDS: readonly number[] = [0, 3, 5, 10, 30, 60, 120, 300, 600];
/** Null: off; 0: any follower. */
export const FOLLOWED_MINUTES: readonly (number | null)[] = [null, 0, 10, 60, 1440, 10_080, 43_200];
export const AGE_MINUTES: readonly number[] = [0, 10, 60, 1440, 10_080, 43_200];

export const optionWords = {
  slow: (seconds: number | null) => (seconds ? duration(seconds) : 'Off'),
  followers: (minutes: number | null) =>
    minutes === null ? 'Off' : minutes === 0 ? 'Any follower' : duration(minutes * 60),
  age: (minutes: number | null) => (minutes ? duration(minutes * 60) : 'Off'),
};

interface ChoiceProps {
  name: string;
  label: string;
  value: number | null;
  choices: readonly (number | null)[];
  words(value: number | null): string;
  onChoose(value: number | null): void;
}

/** A value that is none of the usual ones is listed as well. */
export function Choice({ name, label, value, choices, words, onChoose }: ChoiceProps) {
  const all = choices.includes(value) ? choices : [...choices, value];
  return (
    <div class="field">
      <label for={`mode-${name}`}>{label}</label>
      <select
        class="input"
        id={`mode-${name}`}
        value={String(value)}
        onChange={(event) => onChoose(all.find((one) => String(one) === event.currentTarget.value) ?? null)}
        data-testid={`mode-${name}`}
      >
        {all.map((one) => (
          <option value={String(one)} key={String(one)}>
            {words(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
