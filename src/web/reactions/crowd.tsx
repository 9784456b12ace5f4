// What the audience does together: reactions that fly up, an upvote, and the poll. Loaded after the first picture.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { REACTION_NAMES, REACTIONS, type ReactionName } from '../../protocol/chat/reaction-words.ts';
import { session } from '../session.ts';
import { Bursts, startBursts } from './bursts.tsx';
import { countsApi } from './counts-api.ts';
import { openCounts } from './counts-door.ts';
import { short } from './counts-words.ts';
import type { CrowdProps } from './crowd-slot.tsx';
import { keepWatching } from './keep-watching.ts';
import { PollCard } from './poll-card.tsx';
import { PollForm } from './poll-form.tsx';
import { UpvoteButton } from './upvote-button.tsx';
import './crowd.css';

export function Crowd({ streamId, engine, pass, hasEnded }: CrowdProps) {
  const bursts = useMemo(startBursts, []);
  const [mine, setMine] = useState<{ isUpvoted: boolean; mayAsk: boolean; vote: number | null } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [door, setDoor] = useState<ReturnType<typeof openCounts> | null>(null);
  const userId = session.value?.user?.id;

  useEffect(() => {
    const playingMs = () => engine.playingDateMs();
    const opened = openCounts({ streamId, pass: pass.current, playingMs, onBurst: bursts.rise });
    setDoor(opened);
    const watching = keepWatching({ video: engine.video, streamId, pass: pass.current });
    return () => {
      opened.close();
      watching.stop();
    };
  }, [streamId, engine, pass, bursts]);

  const tally = door?.tally.value ?? null;
  const pollId = tally?.poll?.id ?? null;
  useEffect(() => {
    countsApi.tally(streamId).then(
      ({ isUpvoted, mayAsk, vote }) => setMine({ isUpvoted, mayAsk, vote: vote?.option ?? null }),
      () => undefined,
    );
  }, [streamId, userId, pollId]);

  if (!door || !tally) return null;
  const canAsk = mine?.mayAsk === true && !hasEnded && tally.poll?.state !== 'open';
  return (
    <section class="crowd" aria-label="The audience" data-testid="crowd">
      <Bursts bursts={bursts} />
      <div class="crowd-bar">
        <fieldset class="crowd-reactions">
          <legend class="visually-hidden">Reactions</legend>
          {REACTION_NAMES.map((kind) => (
            <button
              type="button"
              class="crowd-reaction"
              onClick={() => door.tap(kind)}
              disabled={hasEnded}
              aria-label={`${NAMES[kind]}, ${tally.reactions[kind]} so far`}
              data-testid={`react-${kind}`}
              key={kind}
            >
              <span aria-hidden="true">{REACTIONS[kind]}</span>
              <span class="crowd-count">{short(tally.reactions[kind])}</span>
            </button>
          ))}
        </fieldset>
        <span class="crowd-spring" />
        {canAsk && !isAsking && (
          <button
            type="button"
            class="button button-small button-quiet"
            onClick={() => setAsking(true)}
            data-testid="ask-poll"
          >
            Ask a poll
          </button>
        )}
        <UpvoteButton
          streamId={streamId}
          upvotes={tally.upvotes}
          isUpvoted={mine?.isUpvoted ?? false}
          userId={userId}
        />
      </div>
      {canAsk && isAsking && (
        <PollForm streamId={streamId} playingMs={() => engine.playingDateMs()} onDone={() => setAsking(false)} />
      )}
      {tally.poll && (
        <PollCard
          streamId={streamId}
          poll={tally.poll}
          vote={mine?.vote ?? null}
          mayManage={mine?.mayAsk === true}
          userId={userId}
          key={tally.poll.id}
        />
      )}
    </section>
  );
}

const NAMES: Record<ReactionName, string> = {
  heart: 'Love',
  clap: 'Applause',
  laugh: 'Laughter',
  wow: 'Amazement',
  fire: 'Fire',
  party: 'Party',
};
