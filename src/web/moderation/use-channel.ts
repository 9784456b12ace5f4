// The channel of the page: who one is there, and its newest stream. While a room is open its socket says what happens.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import { ApiError } from '../api-client.ts';
import { moderationApi } from '../moderation-api.ts';

/** Without an open room nobody tells of the next stream. */
const LOOK_EVERY_MS = 4000;

export function useChannel(channelId: string) {
  const [channel, setChannel] = useState<ModeratedChannel | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const refresh = useCallback(async () => {
    await moderationApi.channel(channelId).then(
      (known) => {
        setChannel(known);
        setProblem(null);
      },
      (error: unknown) => setProblem(error instanceof ApiError ? error : new ApiError(0, null)),
    );
  }, [channelId]);
  useEffect(() => void refresh(), [refresh]);

  const hasRoom = channel?.currentStream != null && channel.currentStream.state !== 'ended';
  const isShut = problem !== null && problem.status >= 400 && problem.status < 500;
  useEffect(() => {
    if (hasRoom || isShut) return;
    const look = () => {
      if (!document.hidden) void refresh();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [hasRoom, isShut, refresh]);
  return { channel, problem, refresh };
}
