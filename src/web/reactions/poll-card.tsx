// The poll: its options with live bars, one's own vote, and what is left of the time.
import { useEffect, useState } from 'preact/hooks';
import type { Poll } from '../../protocol/chat/polls.ts';
import { useNow } from '../components/use-now.ts';
import { useSubmit } from '../components/use-submit.ts';
import { signInPath } from '../routes.ts';
import type { CountsApi } from './counts-api.ts';
import { percent } from './counts-words.ts';

interface PollCardProps {
  counts: CountsApi;
  poll: Poll;
  /** What this viewer has voted. */
  vote: number | null;
  mayManage: boolean;
  userId: string | undefined;
}

export function PollCard({ counts, poll, vote, mayManage, userId }: PollCardProps) {
  const [mine, setMine] = useState(vote);
  const { problem, isBusy, submitting } = useSubmit();
  const nowMs = useNow(1000);
  useEffect(() => {
    if (vote !== null) setMine(vote);
  }, [vote]);
  const isOpen = poll.state === 'open';
  const secondsLeft = Math.max(0, Math.ceil((Date.parse(poll.closesAt) - nowMs) / 1000));
  const most = Math.max(...poll.options.map(({ votes }) => votes));

  const choose = (option: number) =>
    submitting(async () => {
      await counts.vote(poll.id, option);
      setMine(option);
    });
  return (
    <div class="poll-card card" data-testid="poll" data-state={poll.state}>
      <header class="poll-head">
        <h2>{poll.question}</h2>
        <span class="poll-time">{isOpen ? `${secondsLeft} s left` : 'Ended'}</span>
      </header>
      <ul class="poll-options">
        {poll.options.map(({ text, votes }, option) => (
          <li key={text}>
            <button
              type="button"
              class="poll-option"
              onClick={choose(option)}
              disabled={!isOpen || userId === undefined || isBusy}
              aria-pressed={mine === option}
              data-leads={!isOpen && votes === most && most > 0}
              data-testid={`poll-option-${option}`}
            >
              <span class="poll-bar" style={{ width: `${percent(votes, poll.votes)}%` }} />
              <span class="poll-text">{text}</span>
              <span class="poll-share">
                {percent(votes, poll.votes)}% · {votes}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <footer class="poll-foot">
        <span>
          {poll.votes === 1 ? '1 vote' : `${poll.votes} votes`}
          {isOpen && mine !== null && '. You may change yours until the end'}
        </span>
        {isOpen && userId === undefined && <a href={signInPath(location)}>Sign in to vote</a>}
        <span class="crowd-spring" />
        {mayManage && isOpen && (
          <button
            type="button"
            class="button button-small button-quiet"
            onClick={submitting(async () => void (await counts.end(poll.id)))}
            data-testid="poll-end"
          >
            End it now
          </button>
        )}
        {mayManage && (
          <button
            type="button"
            class="button button-small button-quiet"
            onClick={submitting(async () => void (await counts.takeAway(poll.id)))}
            data-testid="poll-take-away"
          >
            Take it away
          </button>
        )}
      </footer>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem.message}
        </p>
      )}
    </div>
  );
}
