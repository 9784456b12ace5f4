// Home: what is live now.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Genre, Stream } from '../../protocol/api.ts';
import { api } from '../api.ts';
import { StreamCard } from '../components/stream-card.tsx';
import { useNow } from '../components/use-now.ts';
import { useTitle } from '../components/use-title.ts';
import { GENRE_WORDS } from '../words.ts';
import './home.css';

const EVERY_MS = 5_000;
const HIDDEN_EVERY_MS = 30_000;

export function HomePage() {
  useTitle('Live now');
  const [genre, setGenre] = useState<Genre | null>(null);
  const [streams, setStreams] = useState<Stream[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [isUnreachable, setIsUnreachable] = useState(false);
  const nowMs = useNow(5_000);

  const refresh = useCallback(async () => {
    try {
      const page = await api.liveStreams(genre);
      setStreams(page.streams);
      setCursor(page.nextCursor);
      setIsUnreachable(false);
    } catch {
      setIsUnreachable(true);
    }
  }, [genre]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let isOpen = true;
    const loop = async () => {
      await refresh();
      if (isOpen) timer = setTimeout(loop, document.hidden ? HIDDEN_EVERY_MS : EVERY_MS);
    };
    void loop();
    // The player's code comes while people choose, so that a click plays at once.
    const warm = setTimeout(() => void import('./watch.tsx').catch(() => undefined), 600);
    return () => {
      isOpen = false;
      clearTimeout(timer);
      clearTimeout(warm);
    };
  }, [refresh]);
  const more = async () => {
    const page = await api.liveStreams(genre, cursor ?? undefined);
    setStreams([...(streams ?? []), ...page.streams]);
    setCursor(page.nextCursor);
  };

  return (
    <div class="home">
      <header class="home-head">
        <h1>Live now</h1>
        <p class="muted">About a second behind the lens.</p>
      </header>
      <fieldset class="genres" data-testid="genre-filter">
        <legend class="visually-hidden">Genre</legend>
        {([null, ...Object.keys(GENRE_WORDS)] as (Genre | null)[]).map((one) => (
          <button
            type="button"
            class="genre"
            key={one ?? 'all'}
            aria-pressed={genre === one}
            onClick={() => setGenre(one)}
            data-testid={`genre-${one ?? 'all'}`}
          >
            {one ? GENRE_WORDS[one] : 'All'}
          </button>
        ))}
      </fieldset>
      {isUnreachable && (
        <p class="message" role="status">
          The server does not answer at the moment; this list comes back by itself.
        </p>
      )}
      {streams === null ? (
        <ul class="grid" aria-busy="true">
          {[1, 2, 3].map((one) => (
            <li class="card-ghost" key={one} />
          ))}
        </ul>
      ) : streams.length === 0 ? (
        <Empty genre={genre} />
      ) : (
        <ul class="grid" data-testid="live-list">
          {streams.map((stream) => (
            <li key={stream.id}>
              <StreamCard stream={stream} nowMs={nowMs} />
            </li>
          ))}
        </ul>
      )}
      {cursor && (
        <button type="button" class="button home-more" onClick={more}>
          Show more
        </button>
      )}
    </div>
  );
}

function Empty({ genre }: { genre: Genre | null }) {
  return (
    <section class="empty" data-testid="empty">
      <div class="empty-stage" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
        <i />
      </div>
      <h2>{genre ? `Nobody streams ${GENRE_WORDS[genre].toLowerCase()} right now` : 'The stage is dark'}</h2>
      <p class="muted">
        {genre ? 'Try another genre, or be the first.' : 'Nobody is live. It takes a minute to change that.'}
      </p>
      <a class="button button-primary" href="/studio">
        Go live
      </a>
    </section>
  );
}
