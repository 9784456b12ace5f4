// The card of a person: read when they are chosen, and anew after each act.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { PersonCard } from '../../protocol/person-card.ts';
import { moderationApi } from '../moderation-api.ts';

/** Who runs through the lines with a key asks about the one where they stay. */
const REST_MS = 150;

/** `turn`: another number reads it again. */
export function useCard(channelId: string, userId: string, turn: number) {
  const [card, setCard] = useState<PersonCard | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    asked.current += 1;
    const turn = asked.current;
    await moderationApi.card(channelId, userId).then(
      (known) => {
        if (turn !== asked.current) return;
        setCard(known);
        setProblem(null);
      },
      (error: Error) => turn === asked.current && setProblem(error.message),
    );
  }, [channelId, userId]);
  useEffect(() => {
    const timer = setTimeout(refresh, REST_MS);
    return () => clearTimeout(timer);
  }, [refresh, turn]);
  return { card, problem, refresh };
}
