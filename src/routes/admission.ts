// May this key publish, and to which stream? Asked by nodes for RTMP and by our own WHIP door.
import { hashSecret } from '../auth/secrets.ts';
import { isGated } from '../domain/visibility.ts';
import { RECONNECT_WINDOW_DEFAULT_SECONDS } from '../protocol/api.ts';
import { FootlightError } from '../protocol/errors.ts';
import { mintId, type NodeId, SessionId, StreamId } from '../protocol/ids.ts';
import type { IngestProtocol, PublishGrant } from '../protocol/ingest.ts';
import { type ChannelRecord, findChannelByKey } from '../storage/channels.ts';
import { copyGate } from '../storage/gates.ts';
import { openStream } from '../storage/stream-openings.ts';
import { type NewStream, newestStream, type StreamRecord } from '../storage/streams.ts';
import { currentState } from './live-state.ts';
import { originConfigOf, originOf } from './objects.ts';
import { quotaOfStreams, requireRoomForStream } from './quota.ts';
import { toError } from './refusals.ts';

/** Opposite numbers: what the encoder sent, and the channel it opens. */
export interface OpenedChannel {
  channel: ChannelRecord;
  keyHash: string;
}

/** Throws `invalid_stream_key` for a wrong, a replaced and a revoked key alike: the sender learns nothing more. */
export async function channelOfKey(db: D1Database, streamKey: string): Promise<OpenedChannel> {
  const keyHash = await hashSecret(streamKey);
  const channel = await findChannelByKey(db, keyHash);
  if (channel) return { channel, keyHash };
  throw new FootlightError(
    'invalid_stream_key',
    'No channel has this stream key. It may have been replaced: copy the new one from the studio.',
  );
}

export const mintSessionId = (): SessionId => SessionId.parse(mintId('se', crypto.getRandomValues(new Uint8Array(16))));

/** Leave for one session to publish to the channel's open stream, or to a new one when the last has ended. */
export async function grantPublish(
  env: Env,
  ask: { channel: ChannelRecord; sessionId: SessionId; nodeId: NodeId; protocol: IngestProtocol },
): Promise<PublishGrant> {
  const { sessionId, nodeId, protocol } = ask;
  for (let attempt = 1; ; attempt++) {
    const stream = await openStreamOf(env, ask.channel);
    const { id: streamId, channelId, latency } = stream;
    const origin = originOf(env, streamId);
    await origin.configure(originConfigOf(stream));
    const answer = await origin.grantPublish({ sessionId, nodeId, protocol });
    if (answer.ok) return { sessionId, streamId, channelId, latency };
    // The origin had ended the stream and the database has only heard it now: take the next stream, once.
    if (attempt === 1 && (await currentState(env, stream)) === 'ended') continue;
    throw toError(answer);
  }
}

async function openStreamOf(env: Env, channel: ChannelRecord): Promise<StreamRecord> {
  const { DB: db } = env;
  const newest = await newestStream(db, channel.id);
  if (newest && newest.state !== 'ended') return newest;
  if (newest) {
    const leave = await originOf(env, newest.id).mayBeFollowed();
    if (!leave.ok) throw toError(leave);
  }
  const nowMs = Date.now();
  await requireRoomForStream(db, channel.ownerId, nowMs);
  // When two encoders race, one insert is refused, and both read what the other one made.
  const next = { ...settingsAfter(newest, channel), createdAtMs: nowMs };
  const opening = await openStream(db, next);
  if (opening === 'full') throw await quotaOfStreams(db, channel.ownerId, nowMs);
  if (opening === 'opened' && newest && isGated(newest.visibility, 'media'))
    await copyGate(db, { from: newest.id, to: next.id });
  const opened = await newestStream(db, channel.id);
  if (opened && opened.state !== 'ended') return opened;
  throw new FootlightError('conflict', 'The stream ended while the encoder connected. Connect again.');
}

/** A channel's next stream is like its last one. */
const settingsAfter = (last: StreamRecord | null, channel: ChannelRecord): Omit<NewStream, 'createdAtMs'> => ({
  id: StreamId.parse(mintId('st', crypto.getRandomValues(new Uint8Array(16)))),
  channelId: channel.id,
  title: last?.title ?? channel.name,
  genre: last?.genre ?? 'other',
  visibility: last?.visibility ?? 'public',
  latency: last?.latency ?? 'low',
  reconnectWindowSeconds: last?.reconnectWindowSeconds ?? RECONNECT_WINDOW_DEFAULT_SECONDS,
  scheduledAtMs: null,
});
