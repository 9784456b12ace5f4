// Follow a channel, or no longer. It looks after itself: one request when it appears, one per press.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api } from '../api.ts';
import { Icon } from './icon.tsx';

/** The first picture comes before this. */
const LOOK_AFTER_MS = 1500;

export function FollowButton({ channelId }: { channelId: string }) {
  const [isFollowing, setFollowing] = useState<boolean | null>(null);
  const [isSignedOut, setSignedOut] = useState(false);
  const [isBusy, setIsBusy] = useState(false);

  const noteFailure = (error: unknown) => setSignedOut(error instanceof ApiError && error.status === 401);
  useEffect(() => {
    const look = () => api.followOf(channelId).then(({ follows }) => setFollowing(follows.length > 0), noteFailure);
    const timer = setTimeout(look, LOOK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [channelId]);

  const press = async () => {
    setIsBusy(true);
    await (isFollowing ? api.unfollow(channelId) : api.follow(channelId)).then(
      () => setFollowing(!isFollowing),
      noteFailure,
    );
    setIsBusy(false);
  };

  if (isSignedOut) {
    return (
      <a class="button button-small" href="/studio" data-testid="follow-sign-in">
        Sign in to follow
      </a>
    );
  }
  return (
    <button
      type="button"
      class="button button-small"
      onClick={press}
      disabled={isBusy || isFollowing === null}
      aria-pressed={isFollowing === true}
      data-testid="follow"
    >
      <Icon name={isFollowing ? 'check' : 'plus'} /> {isFollowing ? 'Following' : 'Follow'}
    </button>
  );
}
