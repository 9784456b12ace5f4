// A live stream in a list: its picture of the moment, and what it is.
import { useState } from 'preact/hooks';
import type { Stream } from '../../protocol/api.ts';
import { GENRE_WORDS, since } from '../words.ts';
import { Icon } from './icon.tsx';
import { StateBadge } from './state-badge.tsx';
import './stream-card.css';

/** Posters are at most this old at their address; asking more often shows the same picture. */
const POSTER_EVERY_MS = 10_000;

export function StreamCard({ stream, nowMs }: { stream: Stream; nowMs: number }) {
  const [hasPoster, setHasPoster] = useState(true);
  const stamp = Math.floor(nowMs / POSTER_EVERY_MS);
  return (
    <a class="stream-card" href={`/watch/${stream.id}`} data-testid="stream-card">
      <span class="stream-poster">
        {hasPoster ? (
          <img
            src={`/live/${stream.id}/poster.jpg?t=${stamp}`}
            alt=""
            width={640}
            height={360}
            loading="lazy"
            decoding="async"
            onError={() => setHasPoster(false)}
          />
        ) : (
          <Icon name="footlight" />
        )}
        <StateBadge state={stream.state} />
      </span>
      <span class="stream-card-words">
        <strong>{stream.title}</strong>
        <span class="stream-card-channel">{stream.ownerName}</span>
        <span class="muted">
          {GENRE_WORDS[stream.genre]} · {since(stream.startedAt, nowMs)}
        </span>
      </span>
    </a>
  );
}
