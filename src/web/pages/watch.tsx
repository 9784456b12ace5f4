// The watch page: one stream, or whatever a channel streams now.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { VIEWERS_MEANS } from '../../protocol/chat/viewers.ts';
import { ChatSlot } from '../chat/chat-slot.tsx';
import { useRoomParts } from '../chat/use-room-parts.ts';
import { CopyLink } from '../components/copy-link.tsx';
import { FollowButton } from '../components/follow-button.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useNow } from '../components/use-now.ts';
import { useTitle } from '../components/use-title.ts';
import type { PlayerEngine } from '../player/engine.ts';
import { followStream } from '../player/follow-stream.ts';
import { Player } from '../player/player.tsx';
import { playlistUrl } from '../player/playlist-url.ts';
import { useKnock } from '../player/use-knock.ts';
import { keepPass } from '../player/viewer-pass.ts';
import type { WatchPhase } from '../player/watch-phase.ts';
import { viewersWords } from '../reactions/counts-words.ts';
import { CrowdSlot } from '../reactions/crowd-slot.tsx';
import type { Route } from '../routes.ts';
import { GENRE_WORDS, moment, since } from '../words.ts';
import './watch.css';

export function WatchPage({ route }: { route: Extract<Route, { name: 'watch' }> }) {
  const { id } = route;
  const pass = useMemo(() => keepPass(id), [id]);
  const stream = useMemo(() => followStream(id, pass.current), [id, pass]);
  const [phase, setPhase] = useState<WatchPhase>({ kind: 'loading' });
  const [engine, setEngine] = useState<PlayerEngine | null>(null);
  useEffect(() => stream.stop, [stream]);
  useEffect(() => pass.stop, [pass]);
  useKnock(stream, pass);

  const place = useRoomParts({ engine, stream, pass });

  const watch = stream.watch.value;
  const shown = watch?.stream ?? null;
  const title = shown?.title ?? watch?.channelName ?? (phase.kind === 'missing' ? 'Not found' : 'Loading');
  useTitle(title);

  return (
    <article class="watch">
      <Player sourceUrl={playlistUrl(id)} stream={stream} pass={pass} onPhase={setPhase} onEngine={setEngine} />
      <CrowdSlot
        place={place}
        streamId={shown?.id ?? null}
        engine={engine}
        pass={pass}
        hasEnded={shown?.state === 'ended'}
      />
      <div class="watch-about">
        <div class="watch-title">
          <StateBadge state={phase.kind} />
          <h1 data-testid="watch-title">{title}</h1>
          {watch && shown?.state === 'live' && (
            <span class="watch-viewers" title={VIEWERS_MEANS} data-testid="viewers">
              {viewersWords(watch.viewers)}
            </span>
          )}
        </div>
        <div class="watch-facts">
          {watch && (
            <span class="watch-channel">
              <span class="avatar" aria-hidden="true">
                {watch.channelName.slice(0, 1)}
              </span>
              {watch.channelName}
            </span>
          )}
          {shown && <span class="chip">{GENRE_WORDS[shown.genre]}</span>}
          {shown && phase.kind === 'live' && <Since startedAt={shown.startedAt} />}
          {shown && phase.kind === 'scheduled' && shown.scheduledAt && (
            <time dateTime={shown.scheduledAt}>{moment(shown.scheduledAt)}</time>
          )}
          <span class="watch-spring" />
          {watch && <FollowButton channelId={watch.channelId} key={watch.channelId} />}
          <CopyLink />
        </div>
      </div>
      {phase.kind !== 'missing' && <ChatSlot place={place} />}
    </article>
  );
}

function Since({ startedAt }: { startedAt: string | null }) {
  const nowMs = useNow(20_000);
  return startedAt ? <time dateTime={startedAt}>Live {since(startedAt, nowMs)}</time> : null;
}
