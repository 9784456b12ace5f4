// Reads a live stream as a strict low-latency player does: blocking reloads, one after another, every answer linted.
import { type Complaint, lintMediaPlaylist, lintSuccession } from './playlist-linter.ts';
import { type MediaPlaylist, readMediaPlaylist, readMultivariant, type Variant } from './playlist-reader.ts';

const REQUEST_LIMIT_MS = 12_000;
const RETRY_MS = 150;

export interface Version {
  atMs: number;
  list: MediaPlaylist;
  text: string;
}
export interface Following {
  versions: Version[];
  complaints: Complaint[];
  /** Answers that were no playlist, and broken connections, in words. */
  refusals: string[];
  /** Resolves when the playlist ends or `stop` was called. */
  done: Promise<void>;
  stop(): Promise<void>;
}

export const fetchText = async (url: string): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  const text = new TextDecoder().decode(await answer.arrayBuffer());
  return { status: answer.status, text, headers: answer.headers };
};

export async function fetchBytes(url: string): Promise<{ status: number; bytes: Uint8Array; headers: Headers }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()), headers: answer.headers };
}

/** The variants of a stream, with absolute addresses and the names by which they are reported. */
export async function variantsOf(playbackUrl: string): Promise<(Variant & { url: string; name: string })[]> {
  const { status, text } = await fetchText(playbackUrl);
  if (status !== 200) throw new Error(`${playbackUrl} answered ${status}: ${text.slice(0, 200)}`);
  return readMultivariant(text).variants.map((variant) => ({
    ...variant,
    url: new URL(variant.uri, playbackUrl).href,
    name: nameOf(variant.uri),
  }));
}

/** `720p/index.m3u8` and `720p.m3u8` are both named 720p. */
function nameOf(uri: string): string {
  const path = uri.split('?')[0]?.split('/') ?? [];
  const file = path.at(-1)?.replace(/\.m3u8$/, '') ?? '';
  return file === 'index' ? (path.at(-2) ?? '') : file;
}

/** Follows one media playlist by blocking reloads until it ends or is stopped. */
export function follow(url: string): Following {
  const versions: Version[] = [];
  const complaints: Complaint[] = [];
  const refusals: string[] = [];
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const before = versions.at(-1);
      if (before?.list.ended) return;
      const answer = await fetchText(before ? nextUrl(url, before.list) : url).catch((error: Error) => error);
      if (answer instanceof Error || answer.status !== 200) {
        refusals.push(answer instanceof Error ? answer.message : `${answer.status} ${answer.text.slice(0, 120)}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      const list = readMediaPlaylist(answer.text);
      versions.push({ atMs: Date.now(), list, text: answer.text });
      complaints.push(...lintMediaPlaylist(list));
      if (before) complaints.push(...lintSuccession(before.list, list));
    }
  };
  const done = run();
  return {
    versions,
    complaints,
    refusals,
    done,
    stop: async () => {
      isStopped = true;
      await done;
    },
  };
}

/** The request for the first part that the list does not have yet. */
function nextUrl(url: string, list: MediaPlaylist): string {
  const next = new URL(url);
  next.searchParams.set('_HLS_msn', String(list.mediaSequence + list.segments.length));
  next.searchParams.set('_HLS_part', String(list.trailing.parts.length));
  return next.href;
}

/** The address of a listed thing, from the address of its list. */
export const resolveUri = (listUrl: string, uri: string): string => new URL(uri, listUrl).href;
