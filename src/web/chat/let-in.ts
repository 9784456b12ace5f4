// Behind a shut door there is no room. Pure.
import type { Stream } from '../../protocol/api.ts';
import type { Entry } from '../player/watch-phase.ts';

export const isLetIn = (stream: Pick<Stream, 'visibility'> | null, entry: Entry): boolean => {
  const isGated = stream?.visibility === 'private' || stream?.visibility === 'password';
  return stream !== null && (entry.kind === 'in' || (entry.kind === 'open' && !isGated));
};
