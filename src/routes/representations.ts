// Records as the API shows them: times in ISO 8601, URLs absolute.
import type { Channel, CreatedStream, IngestUrls, Stream, StreamState } from '../protocol/api.ts';
import { playbackPath, posterPath, studioPath, WHIP_PATH, watchPath } from '../protocol/paths.ts';
import type { Account, Person } from '../protocol/people.ts';
import type { ChannelRecord } from '../storage/channels.ts';
import type { StreamRecord } from '../storage/streams.ts';
import type { UserRecord } from '../storage/users.ts';
import { type AppContext, baseUrl } from './context.ts';
import { fleetOf } from './objects.ts';

/** `state`: what the origin says, where it was asked; it knows a change before the database does. */
export const toStream = (
  { channelName: _name, gateAtMs, createdAtMs, scheduledAtMs, startedAtMs, endedAtMs, ...stream }: StreamRecord,
  base: string,
  state: StreamState = stream.state,
): Stream => ({
  ...stream,
  state,
  createdAt: new Date(createdAtMs).toISOString(),
  gateChangedAt: new Date(gateAtMs).toISOString(),
  scheduledAt: toIso(scheduledAtMs),
  startedAt: toIso(startedAtMs),
  endedAt: toIso(endedAtMs),
  watchUrl: base + watchPath(stream.id),
  playbackUrl: base + playbackPath(stream.id),
  posterUrl: base + posterPath(stream.id),
});

export const toCreatedStream = (
  stream: StreamRecord,
  { base, ingest, streamKey }: { base: string; ingest: IngestUrls; streamKey: string | null },
): CreatedStream => ({
  ...toStream(stream, base),
  ingest,
  streamKey,
  studioUrl: base + studioPath(stream.channelId),
});

export const toChannel = (
  channel: ChannelRecord,
  { base, ingest, current }: { base: string; ingest: IngestUrls; current: Stream | null },
): Channel => ({
  ...channel,
  currentStream: current,
  ingest,
  watchUrl: base + watchPath(channel.id),
  playbackUrl: base + playbackPath(channel.id),
  studioUrl: base + studioPath(channel.id),
});

export const toPerson = ({ id, handle, name }: Pick<UserRecord, 'id' | 'handle' | 'name'>): Person => ({
  id,
  handle,
  name,
});

export const toAccount = ({ platformRole, ...user }: UserRecord): Account => ({
  ...toPerson(user),
  role: platformRole,
});

const RTMP_PORT = 1935;

/** A healthy node says where its RTMP door is; while there is none, the usual port of our own host is the best guess. */
export async function ingestUrls(c: AppContext): Promise<IngestUrls> {
  const base = baseUrl(c);
  const rtmp = (await fleetOf(c.env).rtmpUrl()) ?? `rtmp://${new URL(base).hostname}:${RTMP_PORT}/live`;
  return { rtmp, whip: base + WHIP_PATH };
}

const toIso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
