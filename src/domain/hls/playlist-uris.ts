// Rewrites the URIs of a playlist for one viewer, so that all viewers share one written text.

/** Applies `change` to every URI of a playlist, in lines and in attributes. */
export const mapUris = (playlist: string, change: (uri: string) => string): string =>
  playlist
    .split('\n')
    .map((line) => {
      if (line === '') return line;
      if (!line.startsWith('#')) return change(line);
      return line.replace(/([:,]URI=")([^"]*)"/, (_, before: string, uri: string) => `${before}${change(uri)}"`);
    })
    .join('\n');

/** A viewer's own query parameters travel to every child; delivery directives never do (6.2.5: the prefix is reserved). */
export function inheritedQuery(query: URLSearchParams): string {
  const kept = new URLSearchParams(Array.from(query).filter(([name]) => !name.startsWith('_HLS_')));
  return kept.size > 0 ? `?${kept}` : '';
}
