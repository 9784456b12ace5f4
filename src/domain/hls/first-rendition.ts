// Where a player goes on from a multivariant playlist.

/** The first URI of a multivariant playlist, absolute; null if there is none. */
export function firstRendition(playlist: string, url: string): string | null {
  const uri = playlist.split('\n').find((line) => line !== '' && !line.startsWith('#'));
  return uri === undefined ? null : new URL(uri, url).href;
}
