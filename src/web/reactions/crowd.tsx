// What the audience does together: reactions that fly up, an upvote, and the poll. Loaded after the first picture.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { REACTION_NAMES, REACTIONS, type ReactionName } from '../../protocol/chat/reaction-words.ts';
import type { PageRoom } from '../chat/page-room.ts';
import type { PlayerEngine } from '../player/engine.ts';
import type { ViewerPass } from '../player/viewer-pass.ts';
import { session } from '../session.ts';
import { Bursts, startBursts } from './bursts.tsx';
import { countsApi } from './counts-api.ts';
import { short } from './counts-words.ts';
import { keepWatching } from './keep-watching.ts';
import { PollCard } from './poll-card.tsx';
import { PollForm } from './poll-form.tsx';
import { UpvoteButton } from './upvote-button.tsx';
import './crowd.css';

interface CrowdProps {
  /** Null until it is open: a page is counted before that. */
  room: PageRoom | null;
  streamId: string;
  engine: PlayerEngine;
  pass: ViewerPass;
  hasEnded: boolean;
}

export function Crowd({ room, streamId, engine, pass, hasEnded }: CrowdProps) {
  const bursts = useMemo(startBursts, []);
  const counts = useMemo(() => countsApi(streamId, pass.current), [streamId, pass]);
  const [mine, setMine] = useState<{ isUpvoted: boolean; mayAsk: boolean; vote: number | null } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const userId = session.value?.user?.id;

  useEffect(() => {
    const watching = keepWatching({ video: engine.video, streamId, pass: pass.current });
    return () => watching.stop();
  }, [streamId, engine, pass]);
  useEffect(() => room?.onRisen(bursts.rise), [room, bursts]);

  const tally = room?.door.state.value.tally ?? null;
  const { reactions = null, poll = null } = room?.shown.value ?? {};
  const pollId = poll?.id ?? null;
  useEffect(() => {
    counts.tally().then(
      ({ isUpvoted, mayAsk, vote }) => setMine({ isUpvoted, mayAsk, vote: vote?.option ?? null }),
      () => undefined,
    );
  }, [counts, userId, pollId]);

  if (!room || !tally || !reactions) return null;
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
              onClick={() => room.tap(kind)}
              disabled={hasEnded}
              aria-label={`${NAMES[kind]}, ${reactions[kind]} so far`}
              data-testid={`react-${kind}`}
              key={kind}
            >
              <span aria-hidden="true">{REACTIONS[kind]}</span>
              <span class="crowd-count">{short(reactions[kind])}</span>
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
        <UpvoteButton counts={counts} upvotes={tally.upvotes} isUpvoted={mine?.isUpvoted ?? false} userId={userId} />
      </div>
      {canAsk && isAsking && <PollForm counts={counts} playingMs={room.playingMs} onDone={() => setAsking(false)} />}
      {poll && (
        <PollCard
          counts={counts}
          poll={poll}
          vote={mine?.vote ?? null}
          mayManage={mine?.mayAsk === true}
          userId={userId}
          key={poll.id}
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
