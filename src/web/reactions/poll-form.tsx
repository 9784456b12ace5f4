// The small form by which moderators ask the audience something.
import { useState } from 'preact/hooks';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import type { CountsApi } from './counts-api.ts';

const OPTIONS_MAX = 6;
const LENGTHS = [
  [30, '30 seconds'],
  [60, 'One minute'],
  [120, 'Two minutes'],
  [300, 'Five minutes'],
] as const;

interface PollFormProps {
  counts: CountsApi;
  /** The picture that is asked about: programme time in Unix ms. */
  playingMs(): number | null;
  onDone(): void;
}

export function PollForm({ counts, playingMs, onDone }: PollFormProps) {
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState(['', '']);
  const [seconds, setSeconds] = useState(60);
  const { problem, isBusy, submitting } = useSubmit();
  const given = options.map((option) => option.trim()).filter((option) => option !== '');
  const change = (place: number, text: string) => setOptions(options.map((old, at) => (at === place ? text : old)));
  const ask = submitting(async () => {
    const mediaTimeMs = playingMs();
    const picture = mediaTimeMs === null ? {} : { mediaTimeMs: Math.round(mediaTimeMs) };
    await counts.ask({ question, options: given, seconds, ...picture });
    onDone();
  });
  return (
    <form class="poll-form card" onSubmit={ask} data-testid="poll-form">
      <div class="field">
        <label for="poll-question">Question</label>
        <input
          class="input"
          id="poll-question"
          maxLength={140}
          required
          value={question}
          onInput={({ currentTarget }) => setQuestion(currentTarget.value)}
        />
      </div>
      {options.map((option, place) => (
        <div class="field" key={`option ${place + 1}`}>
          <label for={`poll-option-${place}`}>Option {place + 1}</label>
          <input
            class="input"
            id={`poll-option-${place}`}
            maxLength={60}
            required={place < 2}
            value={option}
            onInput={({ currentTarget }) => change(place, currentTarget.value)}
          />
        </div>
      ))}
      <div class="row">
        {options.length < OPTIONS_MAX && (
          <button type="button" class="button button-small" onClick={() => setOptions([...options, ''])}>
            Another option
          </button>
        )}
        <select
          class="input poll-length"
          aria-label="How long it is open"
          value={seconds}
          onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}
        >
          {LENGTHS.map(([length, words]) => (
            <option value={length} key={length}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <FormFoot
        problem={problem?.message}
        submitWord="Ask"
        canSubmit={!isBusy && question.trim() !== '' && new Set(given).size === given.length && given.length >= 2}
        onCancel={onDone}
        testId="poll-ask"
      />
    </form>
  );
}
