// Asks for what a player will ask for first, while the player's code is still on its way, and keeps the answers for it.
import type { FirstAnswer } from '../../protocol/first-answers.ts';
import { beginningOf, firstVariant } from './beginning.ts';

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
  init: Promise<KeptAnswer | null>;
  parts: { url: string; atSeconds: number; answer: Promise<KeptAnswer | null> }[];
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
  for (const { path, body } of given) keep(new URL(path, href).href, body);
  const watched = watchedId(href);
  return {
    asked: watched ? readStream(new URL(`/live/${watched}/index.m3u8`, href).href, ask) : Promise.resolve(null),
    take(asked) {
      const url = new URL(asked, href).href;
      const answer = kept.get(url) ?? null;
      kept.delete(url);
      return answer?.then((found) => (found && isFresh(found, nowMs()) ? found : null)) ?? null;
    },
  };

  function keep(url: string, text: string): void {
    const body = new TextEncoder().encode(text).buffer;
    const times = { startedMs: givenAtMs, firstByteMs: givenAtMs, endedMs: givenAtMs };
    kept.set(url, Promise.resolve({ url, body, ageSeconds: null, ...times }));
  }

  /** What was given is not asked for again. */
  function ask(url: string): Promise<KeptAnswer | null> {
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
          startedMs,
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

/** The multivariant playlist, its first rendition, and of that what playing begins with. */
async function readStream(url: string, ask: (url: string) => Promise<KeptAnswer | null>): Promise<FirstMedia | null> {
  const variant = firstVariant(textOf(await ask(url)), url);
  if (!variant) return null;
  const beginning = beginningOf(textOf(await ask(variant.url)), variant.url);
  if (!beginning) return null;
  const { initUrl, parts, startSeconds } = beginning;
  const init = ask(initUrl);
  const asked = parts.map((part) => ({ ...part, answer: ask(part.url) }));
  return variant.codecs === null ? null : { codecs: variant.codecs, startSeconds, init, parts: asked };
}

const textOf = (answer: KeptAnswer | null): string => (answer ? new TextDecoder().decode(answer.body) : '');

const isFresh = (answer: KeptAnswer, nowMs: number): boolean =>
  !answer.url.includes('.m3u8') || nowMs - answer.endedMs < PLAYLIST_LIFE_MS;
