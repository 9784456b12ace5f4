// The REST API's words: streams and channels as people send and read them.
import { z } from 'zod';
import { VIEWERS_MEANS } from './chat/viewers.ts';
import { ChannelId, StreamId, UserId } from './ids.ts';
import { LatencyProfile } from './latency.ts';
import { StreamPassword } from './viewing.ts';

/** unlisted: whoever has the link. private: who is invited. password: whoever has the link and the password. */
export const Visibility = z.enum(['public', 'unlisted', 'private', 'password']);
export type Visibility = z.infer<typeof Visibility>;

/** waiting: no media yet. interrupted: the encoder is away, its place is kept. ended: for good. */
export const StreamState = z.enum(['waiting', 'live', 'interrupted', 'ended']);
export type StreamState = z.infer<typeof StreamState>;

export const Title = z.string().trim().min(1).max(140);
export const Genre = z.enum(['gaming', 'sports', 'music', 'education', 'talk', 'other']);
export type Genre = z.infer<typeof Genre>;
/** How long an interrupted stream waits for its encoder before it ends. */
export const ReconnectWindowSeconds = z.number().int().min(0).max(1800);
export const RECONNECT_WINDOW_DEFAULT_SECONDS = 60;

export const CreateStream = z
  .object({
    title: Title,
    genre: Genre.default('other'),
    visibility: Visibility.default('public'),
    latency: LatencyProfile.default('low'),
    reconnectWindowSeconds: ReconnectWindowSeconds.default(RECONNECT_WINDOW_DEFAULT_SECONDS),
    scheduledAt: z.iso.datetime().optional().describe('When viewers may expect it to begin'),
    channelId: ChannelId.optional().describe('One of your channels; without it a new channel is opened for the stream'),
    password: StreamPassword.optional().describe('With the visibility `password`, and only with it'),
  })
  .refine(({ visibility, password }) => (visibility === 'password') === (password !== undefined), {
    path: ['password'],
    error: 'must be there with the visibility password, and only with it',
  });
export type CreateStream = z.infer<typeof CreateStream>;

export const UpdateStream = z
  .object({
    title: Title,
    genre: Genre,
    visibility: Visibility,
    reconnectWindowSeconds: ReconnectWindowSeconds,
    scheduledAt: z.iso.datetime().nullable(),
    password: StreamPassword.describe('A new one, with the visibility `password`; passes given before are void'),
  })
  .partial();
export type UpdateStream = z.infer<typeof UpdateStream>;

export const Stream = z.object({
  id: StreamId,
  channelId: ChannelId,
  ownerId: UserId,
  ownerName: z.string(),
  title: z.string(),
  genre: Genre,
  visibility: Visibility,
  latency: LatencyProfile,
  reconnectWindowSeconds: z.number().int(),
  state: StreamState,
  createdAt: z.iso.datetime(),
  gateChangedAt: z.iso.datetime().describe('When its visibility or its password last changed'),
  scheduledAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  watchUrl: z.url(),
  playbackUrl: z.url(),
  posterUrl: z.url(),
});
export type Stream = z.infer<typeof Stream>;

/** `GET /api/v1/streams/{id}`. Its tag is weak: it is that of the stream without the viewers, who come and go. */
export const StreamNow = Stream.extend({ viewers: z.number().int().describe(VIEWERS_MEANS) });
export type StreamNow = z.infer<typeof StreamNow>;

/** Where an encoder sends; the same for every stream of a channel. */
export const IngestUrls = z.object({ rtmp: z.string(), whip: z.url() });
export type IngestUrls = z.infer<typeof IngestUrls>;

export const CreatedStream = Stream.extend({
  ingest: IngestUrls,
  streamKey: z
    .string()
    .nullable()
    .describe(
      'Of a new channel, shown this once, to whoever may manage keys (`channel:manage:keys`). Null otherwise: the channel keeps its key',
    ),
  studioUrl: z.url(),
});
export type CreatedStream = z.infer<typeof CreatedStream>;

export const ListStreamsQuery = z.object({
  state: z.enum(['live', 'waiting', 'ended']).default('live'),
  genre: Genre.optional(),
  channelId: ChannelId.optional(),
  mine: z.stringbool().default(false),
  invited: z.stringbool().default(false).describe('The private streams that you are invited to'),
  limit: z.coerce.number().int().min(1).max(100).default(24),
  cursor: z.string().max(200).optional(),
});
export type ListStreamsQuery = z.infer<typeof ListStreamsQuery>;

export const StreamPage = z.object({ streams: z.array(Stream), nextCursor: z.string().nullable() });
export type StreamPage = z.infer<typeof StreamPage>;

export const Channel = z.object({
  id: ChannelId,
  ownerId: UserId,
  ownerName: z.string(),
  name: z.string(),
  streamKeyHint: z.string().nullable().describe('The last four characters of the key in force'),
  currentStream: Stream.nullable(),
  ingest: IngestUrls,
  watchUrl: z.url(),
  playbackUrl: z.url(),
  studioUrl: z.url(),
});
export type Channel = z.infer<typeof Channel>;

export const RotateStreamKey = z.object({
  disconnectEncoder: z.boolean().default(false).describe('Also cut a broadcast that runs under the old key'),
});
export type RotateStreamKey = z.infer<typeof RotateStreamKey>;
export const RotatedStreamKey = z.object({ streamKey: z.string(), ingest: IngestUrls });
export type RotatedStreamKey = z.infer<typeof RotatedStreamKey>;
