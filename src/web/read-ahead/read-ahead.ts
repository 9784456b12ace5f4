// Asks for what a player will ask for first, while the player's code is still on its way, and keeps the answers for it.
import type { FirstAnswer } from '../../protocol/first-answers.ts';
import { type BeginningPart, beginningOf, firstVariant } from './beginning.ts';

/** One answer, with the times that the player's bandwidth estimate is made of (performance.now). */
export interface KeptAnswer {
  url: string;
  body: ArrayBuffer;
  /** Of the header; null without one. */
  ageSeconds: number | null;
  startedMs: number;
  firstByteMs: number;
  endedMs: number;
}

/** What the picture begins with, while it arrives. */
export interface FirstMedia {
  codecs: string;
  /** Where a player starts, on its timeline. */
  startSeconds: number;
  /**
   * Is the player given the playlist by which this was laid out? Once it is said, it is so, however late the player asks;
   * and it is given the last of them when what `calm` says then has come.
   */
  isBinding(calm: () => Promise<void>): boolean;
  init: Promise<KeptAnswer | null>;
  parts: (BeginningPart & { answer: Promise<KeptAnswer | null> })[];
}

export interface ReadAhead {
  /** Everything has been asked for; null: there is nothing that a picture could begin with. */
  readonly asked: Promise<FirstMedia | null>;
  /** The answer to this URL, handed out once; null where none was asked for. It resolves to null if it is of no use. */
  take(url: string): Promise<KeptAnswer | null> | null;
}

export interface ReadAheadOptions {
  /** Of the page. */
  href: string;
  /** What the page brought along, as it was when its first byte came. */
  given: FirstAnswer[];
  givenAtMs: number;
  fetch(url: string): Promise<Response>;
  nowMs(): number;
}

const WATCHED = /^\/watch\/((?:ch|st)_[a-z0-9]+)\/?$/;
/** A live playlist that is older than a part or three would only be asked for again. */
const PLAYLIST_LIFE_MS = 1_000;

/** Starts at once where the page is that of a stream. What fails here fails again in the player, which knows what to say. */
export function readAhead({ href, given, givenAtMs, fetch, nowMs }: ReadAheadOptions): ReadAhead {
  const kept = new Map<string, Promise<KeptAnswer | null>>();
  /** What the picture was laid out by: handed out at any age, and not before this has come. */
  const bound = new Map<string, () => Promise<void>>();
  for (const { path, body } of given) keep(new URL(path, href).href, body);
  const watched = watchedId(href);
  return {
    asked: watched
      ? readStream(new URL(`/live/${watched}/index.m3u8`, href).href, { ask, bind })
      : Promise.resolve(null),
    take(asked) {
      const url = new URL(asked, href).href;
      const answer = kept.get(url) ?? null;
      kept.delete(url);
      const calm = bound.get(url);
      if (answer && calm) return calm().then(() => answer);
      return answer?.then((found) => (found && isFresh(found, nowMs()) ? found : null)) ?? null;
    },
  };

  function keep(url: string, text: string): void {
    const body = new TextEncoder().encode(text).buffer;
    const times = { startedMs: givenAtMs, firstByteMs: givenAtMs, endedMs: givenAtMs };
    kept.set(url, Promise.resolve({ url, body, ageSeconds: null, ...times }));
  }

  /** By these playlists a picture was laid out, the last of them when `calm` has come: false where the player will read newer ones. */
  function bind(playlists: readonly Playlist[], calm: () => Promise<void>): boolean {
    const isOurs = playlists.every(({ asked, answer }) => kept.has(asked) && isFresh(answer, nowMs()));
    const last = playlists.at(-1);
    if (isOurs) for (const one of playlists) bound.set(one.asked, one === last ? calm : () => Promise.resolve());
    return isOurs;
  }

  /** What was given is not asked for again. */
  function ask(url: string, isHinted = false): Promise<KeptAnswer | null> {
    const known = kept.get(url);
    if (known) return known;
    const startedMs = nowMs();
    const answer = fetch(url)
      .then(async (response): Promise<KeptAnswer | null> => {
        if (!response.ok) return null;
        const firstByteMs = nowMs();
        const age = Number.parseFloat(response.headers.get('age') ?? '');
        const body = await response.arrayBuffer();
        return {
          url: response.url || url,
          body,
          ageSeconds: Number.isNaN(age) ? null : age,
          // The wait for what is still being made says nothing of the line.
          startedMs: isHinted ? firstByteMs : startedMs,
          firstByteMs,
          endedMs: nowMs(),
        };
      })
      .catch(() => null);
    kept.set(url, answer);
    return answer;
  }
}

/** Is this the page of a stream or channel? */
export const isWatchPage = (href: string): boolean => watchedId(href) !== undefined;

const watchedId = (href: string): string | undefined => WATCHED.exec(new URL(href).pathname)?.[1];

/** As it was asked for, and what came. */
interface Playlist {
  asked: string;
  answer: KeptAnswer;
}

interface Asking {
  ask(url: string, isHinted?: boolean): Promise<KeptAnswer | null>;
  bind(playlists: readonly Playlist[], calm: () => Promise<void>): boolean;
}

/** The multivariant playlist, its first rendition, and of that what playing begins with. */
async function readStream(url: string, { ask, bind }: Asking): Promise<FirstMedia | null> {
  const multivariant = await ask(url);
  const variant = multivariant && firstVariant(textOf(multivariant), url);
  if (!variant) return null;
  const media = await ask(variant.url);
  const beginning = media && beginningOf(textOf(media), variant.url);
  if (!beginning) return null;
  const { initUrl, parts, startSeconds } = beginning;
  const init = ask(initUrl);
  const asked = parts.map((part) => ({ ...part, answer: ask(part.url, part.isHinted) }));
  if (variant.codecs === null) return null;
  const isBinding = (calm: () => Promise<void>) =>
    bind(
      [
        { asked: url, answer: multivariant },
        { asked: variant.url, answer: media },
      ],
      calm,
    );
  return { codecs: variant.codecs, startSeconds, isBinding, init, parts: asked };
}

const textOf = ({ body }: KeptAnswer): string => new TextDecoder().decode(body);

const isFresh = (answer: KeptAnswer, nowMs: number): boolean =>
  !answer.url.includes('.m3u8') || nowMs - answer.endedMs < PLAYLIST_LIFE_MS;
