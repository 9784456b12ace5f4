// The authority on one stream: takes its media from the publisher, holds its readers, keeps its segments.
import { DurableObject } from 'cloudflare:workers';
import { Acknowledgements } from '../src/domain/hls/acknowledgements.ts';
import { placeOfPart } from '../src/domain/hls/media-place.ts';
import { posterKey, segmentKey } from '../src/domain/hls/object-keys.ts';
import { mediaPlaylistAnswer, multivariantAnswer } from '../src/domain/hls/playlist-answer.ts';
import type { Segment } from '../src/domain/hls/segments.ts';
import { Timeline, type TimelineOutput } from '../src/domain/hls/timeline.ts';
import { advance, judgePublish, type StreamEvent, type StreamLife } from '../src/domain/stream.ts';
import type { StreamState } from '../src/protocol/api.ts';
import { FootlightError } from '../src/protocol/errors.ts';
import type { Health } from '../src/protocol/health.ts';
import { SessionId } from '../src/protocol/ids.ts';
import { PUBLISH_VERSION, type PublishFrame } from '../src/protocol/ingest.ts';
import { LATENCY_SHAPES } from '../src/protocol/latency.ts';
import type { HealthReport } from '../src/protocol/live.ts';
import type { LiveOriginRpc, MediaAnswer, OriginConfig, PlaylistAnswer, Refusal } from '../src/protocol/origin.ts';
import { decodeFrame } from '../src/protocol/wire.ts';
import { putMedia } from '../src/storage/media.ts';
import { recordStreamState } from '../src/storage/streams.ts';
import { HotBytes } from './live-origin/hot-bytes.ts';
import { PublisherSocket, sayTo, stop } from './live-origin/publisher.ts';
import { SegmentKeeper } from './live-origin/segment-keeper.ts';
import { type Session, Shelf } from './live-origin/shelf.ts';
import { Waiters } from './live-origin/waiters.ts';

const DEFAULT_WINDOW_SECONDS = 60;
/** Held requests of one stream. Readers are coalesced before they come here, so more is a flood: 503. */
const MAX_WAITING = 1000;
/** Bytes that wait for a store that does not take them; beyond, new segments become gaps. */
const MAX_UNSTORED_BYTES = 64 * 1024 * 1024;
/** Even without media a publisher says something every second. */
const SILENT_PUBLISHER_MS = 10_000;
/** While a stream runs it looks after itself this often, also when nobody asks. */
const WATCH_EVERY_MS = 15_000;
const POSTER_STORED_EVERY_MS = 5000;
/** Sessions remembered as superseded; one that is older is answered as unknown, with the same effect. */
const REMEMBERED_SESSIONS = 20;

export class LiveOrigin extends DurableObject<Env> implements LiveOriginRpc {
  private readonly shelf: Shelf;
  private readonly keeper: SegmentKeeper;
  private readonly bytes = new HotBytes();
  private readonly waiters = new Waiters();
  private readonly playlists = new Map<string, { version: number; answer: PlaylistAnswer }>();
  private readonly inits = new Map<string, Uint8Array>();
  /** Segments whose frames are not acknowledged: taken, but not settled in the store. */
  private readonly unsettled = new Set<string>();
  private config: OriginConfig | null;
  private life: StreamLife;
  private session: Session | null;
  private timeline: Timeline | null = null;
  private publisher: PublisherSocket | null = null;
  private lastHeardMs: number;
  private lastMediaMs: number;
  private health: Health | null = null;
  private posterImage: { bytes: Uint8Array; storedMs: number } | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const nowMs = Date.now();
    this.shelf = new Shelf(ctx.storage.sql);
    this.keeper = new SegmentKeeper(env.MEDIA, (segment, isStored) => this.settle(segment, isStored));
    this.config = this.shelf.read('config') ?? null;
    this.life = this.shelf.read('life') ?? { state: 'waiting' };
    this.session = this.shelf.read('session') ?? null;
    this.lastHeardMs = nowMs;
    this.lastMediaMs = nowMs;
    if (this.config) this.timeline = this.rememberedTimeline(this.config);
    this.revivePublisher(nowMs);
  }

  // --- What routes ask (LiveOriginRpc). ---

  async configure(config: OriginConfig): Promise<void> {
    this.shelf.write('config', config);
    this.config = config;
    this.timeline ??= this.rememberedTimeline(config);
    this.happen({ type: 'window_changed' });
  }

  async grantPublish({ sessionId }: Parameters<LiveOriginRpc['grantPublish']>[0]): Promise<{ ok: true } | Refusal> {
    if (!this.config) return NOT_CONFIGURED;
    const nowMs = Date.now();
    this.happen({ type: 'time_passed' });
    const present = this.session && { sessionId: this.session.sessionId, lastHeardMs: this.lastMediaMs };
    const verdict = judgePublish(this.life, present, sessionId, nowMs);
    if (!verdict.ok) return verdict;
    if (this.session?.sessionId === sessionId) return { ok: true };
    if (verdict.supersedes) {
      const remembered = [...(this.shelf.read('superseded') ?? []), verdict.supersedes];
      this.shelf.write('superseded', remembered.slice(-REMEMBERED_SESSIONS));
      this.letGo('superseded');
      // With a reconnect window of zero the stream ends with its publisher.
      if (this.ended) return { ok: false, code: 'conflict', detail: 'The stream has just ended. Make a new one.' };
    }
    this.setSession({ sessionId, acknowledgedSeq: 0 });
    this.lastMediaMs = nowMs;
    return { ok: true };
  }

  async disconnectPublisher(reason: 'key_revoked'): Promise<void> {
    this.letGo(reason);
  }

  async end(): Promise<void> {
    this.happen({ type: 'end_wanted' });
  }

  async state(): Promise<StreamState> {
    this.happen({ type: 'time_passed' });
    return this.life.state;
  }

  async report(): Promise<HealthReport> {
    this.happen({ type: 'time_passed' });
    return { state: this.life.state, health: this.publisher ? this.health : null, viewersWaiting: this.waiters.size };
  }

  async multivariantPlaylist(): Promise<PlaylistAnswer> {
    return this.timeline ? multivariantAnswer(this.timeline, this.ended) : NOT_CONFIGURED;
  }

  async mediaPlaylist(rendition: string, query: Record<string, string>): Promise<PlaylistAnswer> {
    const { timeline } = this;
    if (!timeline) return NOT_CONFIGURED;
    const look = () => (this.publisher?.isResending(Date.now()) ? null : this.playlistNow(timeline, rendition, query));
    return this.hold(rendition, look);
  }

  async initSegment(rendition: string, generation: number): Promise<MediaAnswer> {
    const place = `${generation}/${rendition}`;
    const body = this.inits.get(place) ?? this.shelf.init(generation, rendition);
    if (!body)
      return {
        ok: false,
        code: 'not_found',
        detail: `There is no init segment of ${rendition} in generation ${generation}.`,
      };
    this.inits.set(place, body);
    return { ok: true, at: 'memory', body };
  }

  async segment(rendition: string, generation: number, msn: number): Promise<MediaAnswer> {
    const listed = this.timeline?.track(rendition)?.segment(msn);
    const segment = listed?.generation === generation ? listed : this.shelf.segment(rendition, generation, msn);
    if (!segment || segment.isGap)
      return {
        ok: false,
        code: 'not_found',
        detail: `There is no segment ${msn} of ${rendition} in generation ${generation}.`,
      };
    return this.read(segment, 0, segment.byteLength);
  }

  async part(rendition: string, generation: number, msn: number, part: number): Promise<MediaAnswer> {
    const { timeline } = this;
    if (!timeline) return NOT_CONFIGURED;
    const unknown: MediaAnswer = {
      ok: false,
      code: 'not_found',
      detail: `There is no part ${part} of segment ${msn} of ${rendition} in generation ${generation}.`,
    };
    const look = (): MediaAnswer | null => {
      if (this.publisher?.isResending(Date.now())) return null;
      const place = placeOfPart(timeline, { rendition, generation, msn, part });
      if (place.type === 'known') return this.read(place.segment, place.part.offset, place.part.byteLength);
      if (place.type === 'coming' && !this.ended) return null;
      const segment = this.shelf.segment(rendition, generation, msn);
      const found = segment?.isGap ? undefined : segment?.parts[part];
      return segment && found ? this.read(segment, found.offset, found.byteLength) : unknown;
    };
    return this.hold(rendition, look);
  }

  async poster(): Promise<MediaAnswer> {
    if (this.posterImage) return { ok: true, at: 'memory', body: this.posterImage.bytes };
    const length = this.shelf.read('posterBytes');
    if (!this.config || !length) return { ok: false, code: 'not_found', detail: 'The stream has no picture yet.' };
    return { ok: true, at: 'store', key: posterKey(this.config.streamId), offset: 0, length };
  }

  // --- The publish socket. ---

  /** `?stream=&session=&v=`, upgraded; the door has checked that a node asks. */
  override async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const asked = SessionId.safeParse(searchParams.get('session'));
    if (
      request.headers.get('Upgrade') !== 'websocket' ||
      !asked.success ||
      searchParams.get('v') !== String(PUBLISH_VERSION)
    )
      return new Response(`A publish socket needs an upgrade, a session and v=${PUBLISH_VERSION}.`, { status: 400 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.admit(server, asked.data);
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): Promise<void> {
    const { publisher } = this;
    if (publisher?.socket !== socket) {
      this.turnAway(socket);
      return;
    }
    // After its goodbye a session has nothing more to say.
    if (!this.session) return;
    this.lastHeardMs = Date.now();
    try {
      if (typeof message === 'string') throw new FootlightError('invalid_request', 'A publish frame is binary.');
      const { header, payload } = decodeFrame(new Uint8Array(message));
      this.receive(publisher, header, payload);
    } catch (error) {
      if (!(error instanceof FootlightError)) throw error;
      sayTo(socket, { type: 'refused', seq: 0, code: error.code, detail: error.message });
    }
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    if (this.publisher?.socket === socket) this.lose();
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    if (this.publisher?.socket === socket) this.lose();
  }

  override async alarm(): Promise<void> {
    if (this.publisher && Date.now() - this.lastHeardMs > SILENT_PUBLISHER_MS) {
      this.publisher.close(1011, 'Nothing was heard for too long: connect again.');
      this.lose();
    }
    this.happen({ type: 'time_passed' });
    this.record();
    this.watch();
  }

  private admit(socket: WebSocket, sessionId: SessionId): void {
    if (this.ended) {
      stop(socket, 'stream_ended');
      return;
    }
    if (this.session?.sessionId !== sessionId || !this.timeline) {
      stop(socket, this.shelf.read('superseded')?.includes(sessionId) ? 'superseded' : 'unknown_session');
      return;
    }
    const before = this.publisher;
    const acknowledgements =
      before?.sessionId === sessionId ? before.acknowledgements : new Acknowledgements(this.session.acknowledgedSeq);
    this.publisher = new PublisherSocket(socket, sessionId, acknowledgements);
    before?.close(1000, 'The session has a newer connection.');
    this.lastHeardMs = Date.now();
    this.welcome(this.publisher, this.timeline);
  }

  /** A frame on a socket that was let go, or that its session has replaced. */
  private turnAway(socket: WebSocket): void {
    if (PublisherSocket.sessionOf(socket) !== this.session?.sessionId) stop(socket, 'superseded');
    else socket.close(1000, 'The session has a newer connection.');
  }

  private welcome(publisher: PublisherSocket, timeline: Timeline): void {
    publisher.say({
      type: 'welcome',
      nextGeneration: timeline.nextGeneration,
      nextMsn: timeline.nextMsn,
      lastProgramDateTimeMs: timeline.endMs,
      acknowledgedSeq: publisher.acknowledgements.seq,
    });
  }

  private receive(publisher: PublisherSocket, frame: PublishFrame, payload: Uint8Array): void {
    if (frame.type === 'health') {
      this.health = frame.health;
      return;
    }
    if (frame.type === 'poster') {
      this.keepPoster(payload);
      return;
    }
    if (!this.timeline || !publisher.accepts(frame.seq, Date.now())) return;
    switch (frame.type) {
      case 'init':
        this.shelf.saveInit(frame.generation, frame.rendition, payload);
        this.inits.set(`${frame.generation}/${frame.rendition}`, payload.slice());
        publisher.acknowledgements.receive(frame.seq, null);
        break;
      case 'begin':
        this.carryOut(publisher, this.timeline.receive(frame), frame.seq, payload);
        publisher.acknowledgements.receive(frame.seq, null);
        this.waiters.wakeAll();
        break;
      case 'chunk':
      case 'segment':
      case 'gap': {
        this.lastMediaMs = Date.now();
        this.carryOut(publisher, this.timeline.receive(frame, payload.byteLength), frame.seq, payload);
        const place = placeOf(frame);
        publisher.acknowledgements.receive(frame.seq, this.unsettled.has(place) ? place : null);
        this.happen({ type: 'media_came' });
        if (frame.type !== 'chunk' || frame.endsPart) this.waiters.wake(frame.rendition);
        break;
      }
      case 'goodbye':
        // What it has begun becomes whole, its place is free at once, and it still hears that all is stored.
        this.carryOut(publisher, this.timeline.close(), frame.seq, payload);
        publisher.acknowledgements.receive(frame.seq, null);
        this.setSession(null);
        this.health = null;
        this.happen({ type: 'publisher_left' });
        this.waiters.wakeAll();
        break;
      default:
        frame satisfies never;
    }
    this.forgetAbandoned(publisher, this.timeline);
    this.acknowledge();
  }

  /** What the rules decided, done. */
  private carryOut(
    publisher: PublisherSocket | null,
    outputs: TimelineOutput[],
    seq: number,
    payload: Uint8Array,
  ): void {
    for (const output of outputs) {
      switch (output.type) {
        case 'chunk_taken':
          this.unsettled.add(placeOf(output.frame));
          this.bytes.add(this.keyOf(output.frame), payload);
          break;
        case 'segment':
          this.keep(output.segment);
          break;
        case 'generation':
          this.shelf.saveGeneration(output.generation);
          break;
        case 'refused':
          publisher?.say({ type: 'refused', seq, code: output.code, detail: output.detail });
          break;
        case 'known':
          break;
        default:
          output satisfies never;
      }
    }
  }

  // --- Media. ---

  private keep(segment: Segment): void {
    const key = this.keyOf(segment);
    this.unsettled.add(placeOf(segment));
    const isTaken = !segment.isGap && this.bytes.unstoredBytes <= MAX_UNSTORED_BYTES;
    const body = isTaken ? this.bytes.read(key, 0, segment.byteLength) : null;
    this.ctx.waitUntil(this.keeper.keep({ segment, key, body }));
    if (!segment.isGap) this.happen({ type: 'segment_completed' });
  }

  /** The segment is in the store, or will never be. */
  private settle(segment: Segment, isStored: boolean): void {
    const key = this.keyOf(segment);
    if (isStored) this.bytes.release(key);
    else {
      this.bytes.drop(key);
      segment.isGap = true;
      this.timeline?.markGap(segment.rendition, segment.msn);
    }
    this.shelf.saveSegment(segment);
    if (this.timeline) this.shelf.write('nextMsn', this.timeline.nextMsn);
    this.unsettled.delete(placeOf(segment));
    this.publisher?.acknowledgements.settle(placeOf(segment));
    this.acknowledge();
  }

  /** Chunks of a segment that was given up before its first part: no row will ever tell of them. */
  private forgetAbandoned(publisher: PublisherSocket, timeline: Timeline): void {
    for (const place of this.unsettled) {
      const [rendition = '', msn] = place.split('/');
      const track = timeline.track(rendition);
      if (!track || track.open?.msn === Number(msn) || Number(msn) <= (track.lastMsn ?? -1)) continue;
      this.unsettled.delete(place);
      publisher.acknowledgements.settle(place);
    }
  }

  private acknowledge(): void {
    const seq = this.publisher?.acknowledge() ?? null;
    if (seq !== null && this.session) this.setSession({ ...this.session, acknowledgedSeq: seq });
  }

  private read(segment: Segment, offset: number, length: number): MediaAnswer {
    const key = this.keyOf(segment);
    const body = this.bytes.read(key, offset, length);
    return body ? { ok: true, at: 'memory', body } : { ok: true, at: 'store', key, offset, length };
  }

  private keepPoster(payload: Uint8Array): void {
    if (!this.config) return;
    const nowMs = Date.now();
    const isDue = nowMs - (this.posterImage?.storedMs ?? 0) >= POSTER_STORED_EVERY_MS;
    const bytes = payload.slice();
    this.posterImage = { bytes, storedMs: isDue ? nowMs : (this.posterImage?.storedMs ?? 0) };
    if (!isDue) return;
    this.shelf.write('posterBytes', bytes.byteLength);
    const put = putMedia(this.env.MEDIA, posterKey(this.config.streamId), bytes, 'image/jpeg');
    // The next picture comes in seconds and makes up for one that was not stored.
    this.ctx.waitUntil(put.catch((error) => console.warn('A poster could not be stored.', error)));
  }

  private keyOf({ rendition, generation, msn }: { rendition: string; generation: number; msn: number }): string {
    return segmentKey(this.config!.streamId, rendition, generation, msn);
  }

  // --- Readers. ---

  private async hold<Answer extends PlaylistAnswer | MediaAnswer>(
    place: string,
    look: () => Answer | null,
  ): Promise<Answer | Refusal> {
    const first = look();
    if (first) return first;
    if (this.waiters.size >= MAX_WAITING) {
      return {
        ok: false,
        code: 'too_many_waiting',
        detail: 'Too many requests wait for this stream. Try again in a second.',
        retryAfterSeconds: 1,
      };
    }
    // "... blocked for longer than three times the Target Duration, the server SHOULD return 503" (6.2.5.2).
    const limitMs = 3 * (this.timeline?.shape.targetDurationSeconds ?? 2) * 1000;
    const answer = await this.waiters.hold(place, look, limitMs);
    return (
      answer ?? {
        ok: false,
        code: 'blocked_too_long',
        detail: 'The media that was asked for did not come in time: the encoder may be away. Ask again.',
        retryAfterSeconds: 1,
      }
    );
  }

  /** Equal playlists of one instant are written once. */
  private playlistNow(timeline: Timeline, rendition: string, query: Record<string, string>): PlaylistAnswer | null {
    const { _HLS_msn = '', _HLS_part = '', _HLS_skip = '' } = query;
    const place = [rendition, _HLS_msn, _HLS_part, _HLS_skip].join('/');
    const known = this.playlists.get(place);
    if (known?.version === timeline.version) return known.answer;
    const answer = mediaPlaylistAnswer(timeline, { rendition, query, ended: this.ended });
    if (!answer?.ok) return answer;
    if (this.playlists.size >= MAX_WAITING) this.playlists.clear();
    this.playlists.set(place, { version: timeline.version, answer });
    return answer;
  }

  // --- Life. ---

  private get ended(): boolean {
    return this.life.state === 'ended';
  }

  private happen(event: StreamEvent): void {
    if (!this.config) return;
    const before = this.life;
    this.life = advance(before, event, {
      nowMs: Date.now(),
      reconnectWindowMs: this.config.reconnectWindowSeconds * 1000,
    });
    if (this.life === before) return;
    this.shelf.write('life', this.life);
    if (this.ended) this.finish();
    if (this.life.state !== before.state) this.record();
    this.watch();
  }

  private finish(): void {
    // First the last segments, then the readers: they find them beside ENDLIST.
    if (this.timeline) this.carryOut(null, this.timeline.close(), 0, new Uint8Array(0));
    this.letGo('stream_ended');
    this.waiters.wakeAll();
  }

  /** Ends the session, and the connection if there is one. */
  private letGo(reason: 'superseded' | 'stream_ended' | 'key_revoked'): void {
    const { publisher } = this;
    this.publisher = null;
    this.setSession(null);
    if (publisher) stop(publisher.socket, reason);
    this.lose();
  }

  /** The connection is gone; the session may come back with a new one. */
  private lose(): void {
    this.publisher = null;
    this.health = null;
    this.happen({ type: 'publisher_left' });
  }

  private setSession(session: Session | null): void {
    this.session = session;
    this.shelf.write('session', session);
  }

  /** Tells the database; what fails is tried again at the next watch. */
  private record(): void {
    const { config, life } = this;
    if (!config || (this.shelf.read('recorded') ?? 'waiting') === life.state) return;
    const atMs = 'sinceMs' in life ? life.sinceMs : 'atMs' in life ? life.atMs : Date.now();
    const recorded = recordStreamState(this.env.DB, { streamId: config.streamId, state: life.state, atMs });
    this.ctx.waitUntil(
      recorded.then(
        () => this.shelf.write('recorded', life.state),
        (error) => console.error(`The state of ${config.streamId} could not be recorded; it is tried again.`, error),
      ),
    );
  }

  /** Sets the next time to look after itself; none once the stream has ended and that is recorded. */
  private watch(): void {
    const isDone = this.life.state === 'waiting' || (this.ended && this.shelf.read('recorded') === 'ended');
    if (isDone) return;
    const soonMs = Date.now() + WATCH_EVERY_MS;
    const atMs = this.life.state === 'interrupted' ? Math.min(this.life.endsAtMs, soonMs) : soonMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }

  private rememberedTimeline({ latency, windowSeconds = DEFAULT_WINDOW_SECONDS }: OriginConfig): Timeline {
    return new Timeline(LATENCY_SHAPES[latency], windowSeconds, this.shelf.timeline(Math.ceil(windowSeconds)));
  }

  /** After an eviction the socket is still there, after a restart it is not. */
  private revivePublisher(nowMs: number): void {
    if (this.session && this.timeline) {
      const { sessionId, acknowledgedSeq } = this.session;
      this.publisher = PublisherSocket.revive(this.ctx.getWebSockets(), sessionId, acknowledgedSeq, nowMs);
      if (this.publisher) this.welcome(this.publisher, this.timeline);
    }
    if (!this.publisher) this.happen({ type: 'publisher_left' });
  }
}

/** Numbers are never used twice, so a rendition and a number name one segment. */
const placeOf = ({ rendition, msn }: { rendition: string; msn: number }): string => `${rendition}/${msn}`;

const NOT_CONFIGURED: Refusal = { ok: false, code: 'not_found', detail: 'There is no such stream.' };
