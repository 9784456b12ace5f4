// Follow a channel, or no longer. It looks after itself: one request once it is known who asks, one per press.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api } from '../api.ts';
import { signInPath } from '../routes.ts';
import { refreshSession, session } from '../session.ts';
import { Icon } from './icon.tsx';

export function FollowButton({ channelId }: { channelId: string }) {
  const [isFollowing, setFollowing] = useState<boolean | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const userId = session.value?.user?.id;

  // Whoever was signed out meanwhile is shown the way in.
  const noteFailure = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) void refreshSession();
    else setProblem(error.message);
  };
  useEffect(() => {
    if (!userId) return;
    let isLeft = false;
    setProblem(null);
    setFollowing(null);
    api.followOf(channelId).then(
      ({ follows }) => isLeft || setFollowing(follows.length > 0),
      (error: Error) => isLeft || noteFailure(error),
    );
    return () => {
      isLeft = true;
    };
  }, [channelId, userId]);

  // Whether one follows may be unknown: to follow twice is to follow once.
  const press = async () => {
    setIsBusy(true);
    setProblem(null);
    await (isFollowing ? api.unfollow(channelId) : api.follow(channelId)).then(
      () => setFollowing(!isFollowing),
      noteFailure,
    );
    setIsBusy(false);
  };

  if (session.value?.user === null) {
    return (
      <a class="button button-small" href={signInPath(location)} data-testid="follow-sign-in">
        Sign in to follow
      </a>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button button-small"
        onClick={press}
        disabled={isBusy || (isFollowing === null && problem === null)}
        aria-pressed={isFollowing === true}
        data-testid="follow"
      >
        <Icon name={isFollowing ? 'check' : 'plus'} /> {isFollowing ? 'Following' : 'Follow'}
      </button>
      {problem && (
        <span class="follow-problem" role="alert" data-testid="follow-problem">
          {problem}
        </span>
      )}
    </>
  );
}
