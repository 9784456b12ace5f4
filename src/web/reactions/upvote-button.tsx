// One upvote of each account: given, or taken back.
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { signInPath } from '../routes.ts';
import { refreshSession } from '../session.ts';
import type { CountsApi } from './counts-api.ts';
import { short } from './counts-words.ts';

interface UpvoteButtonProps {
  counts: CountsApi;
  upvotes: number;
  isUpvoted: boolean;
  userId: string | undefined;
}

export function UpvoteButton({ counts, upvotes, isUpvoted, userId }: UpvoteButtonProps) {
  const [isGiven, setGiven] = useState(isUpvoted);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => setGiven(isUpvoted), [isUpvoted]);
  const press = async () => {
    setIsBusy(true);
    await (isGiven ? counts.withdraw() : counts.upvote()).then(
      (now) => setGiven(now.isUpvoted),
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 401) void refreshSession();
      },
    );
    setIsBusy(false);
  };
  const words = (
    <>
      <Icon name="up" /> <span class="crowd-count">{short(upvotes)}</span>
    </>
  );
  if (userId === undefined) {
    return (
      <a
        class="button button-small"
        href={signInPath(location)}
        aria-label={`${upvotes} upvotes. Sign in to give yours`}
        title="Sign in to give your upvote"
        data-testid="upvote-sign-in"
      >
        {words}
      </a>
    );
  }
  return (
    <button
      type="button"
      class="button button-small crowd-upvote"
      onClick={press}
      disabled={isBusy}
      aria-pressed={isGiven}
      aria-label={`Upvote, ${upvotes} so far`}
      data-testid="upvote"
    >
      {words}
    </button>
  );
}
