// Opening a stream: a channel for whoever names none, and the place that the last stream of a channel has left.
import { mintStreamKey } from '../auth/secrets.ts';
import { ChannelId, mintId, type UserId } from '../protocol/ids.ts';
import { type NewChannel, type Opening, openStream } from '../storage/stream-openings.ts';
import { type NewStream, newestStream } from '../storage/streams.ts';
import type { AppContext } from './context.ts';
import { currentState } from './live-state.ts';

/** Asks the origin once whether the stream in the way has ended without the database having heard. */
export async function openStreamAfterLast(
  c: AppContext,
  stream: NewStream,
  channel: NewChannel | null,
): Promise<Opening> {
  const opening = await openStream(c.env.DB, stream, channel);
  if (opening !== 'taken') return opening;
  const last = await newestStream(c.env.DB, stream.channelId);
  const isOver = last !== null && (await currentState(c.env, last)) === 'ended';
  return isOver ? openStream(c.env.DB, stream, channel) : 'taken';
}

/** A channel of theirs with its first key, which is shown this once; stored with its first stream. */
export async function ownNewChannel(owner: {
  ownerId: UserId;
  name: string;
}): Promise<{ channel: NewChannel; streamKey: string }> {
  const id = ChannelId.parse(mintId('ch', randomBytes(16)));
  const { streamKey, kept: key } = await mintStreamKey(randomBytes(32));
  return { channel: { ...owner, id, key }, streamKey };
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
