// The state of a stream in a word and a colour; the word alone is enough.
import './state-badge.css';

const WORDS = {
  live: 'Live',
  starting: 'Starting',
  interrupted: 'Interrupted',
  waiting: 'Waiting',
  scheduled: 'Scheduled',
  playing_out: 'Ended',
  ended: 'Ended',
  offline: 'Off air',
  loading: 'Loading',
  missing: 'Not found',
  password: 'Locked',
} as const;

export type BadgeState = keyof typeof WORDS;

export function StateBadge({ state }: { state: BadgeState }) {
  return (
    <span class="state-badge" data-state={state} data-testid="state-badge">
      <span class="state-dot" aria-hidden="true" />
      {WORDS[state]}
    </span>
  );
}
