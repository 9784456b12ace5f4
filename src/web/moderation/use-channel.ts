// The channel of the page: who one is there, and its newest stream. While a room is open its socket says what happens.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import { ApiError } from '../api-client.ts';
import { moderationApi } from '../moderation-api.ts';

/** Without an open room nobody tells of the next stream. */
const LOOK_EVERY_MS = 4000;

/** `id`: of a channel, or of a stream, which leads to its channel. */
export function useChannel(id: string) {
  const [channel, setChannel] = useState<ModeratedChannel | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const refresh = useCallback(async () => {
    await moderationApi.channelOf(id).then(
      (known) => {
        setChannel(known);
        setProblem(null);
      },
      (error: unknown) => setProblem(error instanceof ApiError ? error : new ApiError(0, null)),
    );
  }, [id]);
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
