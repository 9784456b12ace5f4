// The words between a transcoder node and the edge: admission, heartbeats, WHIP relay, and the publish socket.
import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { Health } from './health.ts';
import { ChannelId, NodeId, RenditionName, SessionId, StreamId } from './ids.ts';
import { LatencyProfile } from './latency.ts';

// --- Admission: `POST /api/v1/ingest/authorize`, bearer = the node secret; asked BEFORE a publish is accepted. ---

export const IngestProtocol = z.enum(['rtmp', 'whip']);
export type IngestProtocol = z.infer<typeof IngestProtocol>;

export const AuthorizePublish = z.object({
  nodeId: NodeId,
  streamKey: z.string().min(1).max(200),
  protocol: IngestProtocol,
  remoteAddress: z.string().max(64),
});
export type AuthorizePublish = z.infer<typeof AuthorizePublish>;

/** Permission for one session to publish one stream. */
export const PublishGrant = z.object({
  sessionId: SessionId,
  streamId: StreamId,
  channelId: ChannelId,
  latency: LatencyProfile,
});
export type PublishGrant = z.infer<typeof PublishGrant>;

// --- The fleet: `POST /api/v1/ingest/heartbeat`, bearer = the node secret, every HEARTBEAT_SECONDS. ---

export const HEARTBEAT_SECONDS = 2;
/** A node that has not been heard for this long gets no new work. */
export const NODE_LOST_SECONDS = 10;

export const Heartbeat = z.object({
  nodeId: NodeId,
  controlUrl: z.url().describe('Where the edge reaches the control door of the node'),
  rtmpUrl: z.string().describe('Where encoders reach the RTMP door, without the key'),
  region: z.string().max(32),
  capacityUnits: z.number().nonnegative().describe('What the node may spend; one unit is one core'),
  usedUnits: z.number().nonnegative(),
  draining: z.boolean(),
  sessions: z.array(SessionId).max(1000),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

// --- WHIP relay: the edge to the control door of the node, bearer = the node secret. ---

/** `POST {controlUrl}/whip/sessions` -> 201 WhipAnswer, or problem+json. */
export const WhipOffer = z.object({ grant: PublishGrant, offer: z.string().max(100_000) });
export type WhipOffer = z.infer<typeof WhipOffer>;
export const WhipAnswer = z.object({ answer: z.string(), etag: z.string().describe('Quoted, strong') });
export type WhipAnswer = z.infer<typeof WhipAnswer>;
/** `PATCH {controlUrl}/whip/sessions/{sessionId}` -> 204, or problem+json (412 stale, 422 for an ICE restart). */
export const WhipPatch = z.object({ ifMatch: z.string(), fragment: z.string().max(20_000) });
export type WhipPatch = z.infer<typeof WhipPatch>;
// `DELETE {controlUrl}/whip/sessions/{sessionId}` -> 200; a second one -> 404 problem+json.

// --- The publish socket: `GET /api/v1/ingest/publish?stream=..&session=..&v=1`, upgraded, bearer = the node secret. ---
// Node to origin: binary frames (wire.ts), a PublishFrame as header and bytes as payload. Origin to node: text, an OriginFrame.
// Every frame with a `seq` is kept by the publisher until it is acknowledged and sent again after a reconnect; the origin
// treats (generation, rendition, msn, part, chunk) it already has as done. seq grows by 1 per session, from 1.

export const PUBLISH_VERSION = 1;

const seq = z.number().int().positive();
const generation = z.number().int().positive();
const msn = z.number().int().nonnegative();
const place = { seq, generation, rendition: RenditionName, msn };

export const RenditionInfo = z.object({
  name: RenditionName,
  kind: z.enum(['video', 'audio']),
  codecs: z.string().describe('RFC 6381, read from the init segment'),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  frameRate: z.number().nullable(),
  bandwidth: z.number().int().describe('Peak, bits per second'),
  averageBandwidth: z.number().int(),
  isSource: z.boolean().describe('Copied from the encoder, not transcoded'),
});
export type RenditionInfo = z.infer<typeof RenditionInfo>;

/** Opens a generation: one run of one encoder. All renditions start at `firstMsn`. */
export const BeginFrame = z.object({
  type: z.literal('begin'),
  seq,
  generation,
  firstMsn: msn,
  renditions: z.array(RenditionInfo).min(1).max(12),
});
/** Payload: the init segment (ftyp + moov). */
export const InitFrame = z.object({ type: z.literal('init'), seq, generation, rendition: RenditionName });
/** Payload: one CMAF chunk (moof + mdat). A part is one or more chunks; `endsPart` closes it. */
export const ChunkFrame = z.object({
  type: z.literal('chunk'),
  ...place,
  part: z.number().int().nonnegative(),
  chunk: z.number().int().nonnegative(),
  endsPart: z.boolean(),
  /** Of this chunk. */
  durationSeconds: z.number().positive(),
  /** The chunk starts with an IDR frame (always true for audio). */
  independent: z.boolean(),
  /** Capture time of the first sample, Unix ms; on the first chunk of a segment. */
  programDateTimeMs: z.number().optional(),
});
/** The segment is whole: it holds `parts` parts. */
export const SegmentFrame = z.object({ type: z.literal('segment'), ...place, parts: z.number().int().positive() });
/** The segment could not be delivered: it is listed with EXT-X-GAP. */
export const GapFrame = z.object({
  type: z.literal('gap'),
  ...place,
  durationSeconds: z.number().positive(),
  programDateTimeMs: z.number(),
});
/** Once a second; not kept, not acknowledged. */
export const HealthFrame = z.object({ type: z.literal('health'), health: Health });
/** Payload: a JPEG; not kept, not acknowledged. */
export const PosterFrame = z.object({ type: z.literal('poster'), width: z.number().int(), height: z.number().int() });
/** The encoder has gone; the origin keeps its place for the reconnect window. */
export const GoodbyeFrame = z.object({ type: z.literal('goodbye'), seq, reason: z.string().max(200) });

export const PublishFrame = z.discriminatedUnion('type', [
  BeginFrame,
  InitFrame,
  ChunkFrame,
  SegmentFrame,
  GapFrame,
  HealthFrame,
  PosterFrame,
  GoodbyeFrame,
]);
export type PublishFrame = z.infer<typeof PublishFrame>;
export type BeginFrame = z.infer<typeof BeginFrame>;
export type InitFrame = z.infer<typeof InitFrame>;
export type ChunkFrame = z.infer<typeof ChunkFrame>;
export type SegmentFrame = z.infer<typeof SegmentFrame>;
export type GapFrame = z.infer<typeof GapFrame>;

/** First word of the origin on every (re)connect, and again whenever its memory was lost: send all that is not acknowledged. */
export const WelcomeFrame = z.object({
  type: z.literal('welcome'),
  /** The generation and media sequence number that a session that has begun nothing yet must begin with. */
  nextGeneration: generation,
  nextMsn: msn,
  /** Capture clock to stay after: the end of the newest segment, Unix ms; null before the first. */
  lastProgramDateTimeMs: z.number().nullable(),
  acknowledgedSeq: z.number().int().nonnegative(),
});
/** Everything up to and including `seq` is stored for good. */
export const AckFrame = z.object({ type: z.literal('ack'), seq: z.number().int().nonnegative() });
/** The session is over: let the encoder go and do not come back with this session. */
export const StopFrame = z.object({
  type: z.literal('stop'),
  reason: z.enum(['stream_ended', 'superseded', 'key_revoked', 'unknown_session']),
});
/** A frame was refused; the socket stays open and the frame counts as done. */
export const RefusedFrame = z.object({
  type: z.literal('refused'),
  seq: z.number().int(),
  code: ErrorCode,
  detail: z.string(),
});

export const OriginFrame = z.discriminatedUnion('type', [WelcomeFrame, AckFrame, StopFrame, RefusedFrame]);
export type OriginFrame = z.infer<typeof OriginFrame>;
export type WelcomeFrame = z.infer<typeof WelcomeFrame>;
