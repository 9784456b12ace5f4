// A list of what waits for an answer of a moderator, or has had one: its heading, the switch between both, and what is said where there is nothing.
import type { ComponentChildren } from 'preact';

export type AnswerState = 'open' | 'closed';

interface AnswerableProps {
  /** "Reports": the heading, and in small letters what is being read. */
  title: string;
  class?: string;
  state: AnswerState;
  onState(state: AnswerState): void;
  problem: string | null;
  /** How many are shown; null: they are not here yet. */
  count: number | null;
  nothingOpen: string;
  /** Beside the switch. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

export function Answerable({
  title,
  state,
  onState,
  problem,
  count,
  nothingOpen,
  tools,
  children,
  ...rest
}: AnswerableProps) {
  const name = title.toLowerCase();
  return (
    <section {...rest} aria-labelledby={`${name}-title`}>
      <header class="reports-head">
        <h2 id={`${name}-title`}>{title}</h2>
        {tools}
        <button
          type="button"
          class="button button-small desk-toggle"
          aria-pressed={state === 'closed'}
          onClick={() => onState(state === 'open' ? 'closed' : 'open')}
        >
          Answered
        </button>
      </header>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {count === null && !problem && <p class="desk-empty">Reading the {name}</p>}
      {count === 0 && <p class="desk-empty">{state === 'open' ? nothingOpen : 'None has been answered yet.'}</p>}
      {children}
    </section>
  );
}
