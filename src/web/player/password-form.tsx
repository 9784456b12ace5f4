// Asks for the password of a locked stream, over the dark picture.
import { useState } from 'preact/hooks';
import type { EntryProblem } from './watch-phase.ts';

const PROBLEM_WORDS: Record<EntryProblem, string> = {
  wrong: 'That is not it. Check it and try again.',
  too_often: 'Too many tries from your network. Wait a minute.',
  unreachable: 'The stream could not be reached. Try again.',
};

export function PasswordForm({
  problem,
  onPassword,
}: {
  problem: EntryProblem | null;
  onPassword(word: string): void;
}) {
  const [typed, setTyped] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (typed !== '') onPassword(typed);
  };
  return (
    <form class="phase-form" onSubmit={submit}>
      <label class="visually-hidden" for="stream-password">
        Password of the stream
      </label>
      <input
        class="input"
        id="stream-password"
        type="password"
        placeholder="Password"
        autocomplete="off"
        maxLength={128}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        aria-invalid={problem === 'wrong' ? 'true' : undefined}
        aria-describedby={problem ? 'stream-password-problem' : undefined}
        data-testid="password-input"
      />
      <button type="submit" class="button phase-action" data-testid="password-submit">
        Come in
      </button>
      {problem && (
        <p id="stream-password-problem" role="alert" data-testid="password-problem">
          {PROBLEM_WORDS[problem]}
        </p>
      )}
    </form>
  );
}
