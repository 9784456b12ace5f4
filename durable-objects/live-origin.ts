// The authority on one stream: takes its media from the publisher, holds its readers, keeps its segments.
import { DurableObject } from 'cloudflare:workers';
import { Acknowledgements } from '../src/domain/hls/acknowledgements.ts';
import { multivariantAnswer } from '../src/domain/hls/playlist-answer.ts';
import type { StreamEvent } from '../src/domain/stream.ts';
import type { StreamState } from '../src/protocol/api.ts';
import type { Health } from '../src/protocol/health.ts';
import type { SessionId } from '../src/protocol/ids.ts';
import { PUBLISH_VERSION, type PublishFrame } from '../src/protocol/ingest.ts';
import type { HealthReport } from '../src/protocol/live.ts';
import type { LiveOriginRpc, MediaAnswer, OriginConfig, PlaylistAnswer, Refusal } from '../src/protocol/origin.ts';
import type { SeqFrame } from './live-origin/intake.ts';
import { LifeKeeper } from './live-origin/life-keeper.ts';
import { askedSession, PublisherSocket, readFrame, stop, turnAway } from './live-origin/publisher.ts';
import { Recovery } from './live-origin/recovery.ts';
import { Sessions } from './live-origin/sessions.ts';
import { Shelf } from './live-origin/shelf.ts';
import { NOT_CONFIGURED, type Stage, setStage } from './live-origin/stage.ts';

/** Even without media a publisher says something every second. */
const SILENT_PUBLISHER_MS = 10_000;

export class LiveOrigin extends DurableObject<Env> implements LiveOriginRpc {
  private readonly shelf: Shelf;
  private readonly lives: LifeKeeper;
  private readonly sessions: Sessions;
  private readonly recovery = new Recovery();
  private stage: Stage | null = null;
  private publisher: PublisherSocket | null = null;
  private lastHeardMs = Date.now();
  private health: Health | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.shelf = new Shelf(ctx.storage.sql);
    this.lives = new LifeKeeper({ ctx, env, shelf: this.shelf, onEnded: () => this.finish() });
    this.sessions = new Sessions(this.shelf);
    const config = this.shelf.read('config');
    if (config) this.stage = this.built(config);
    this.revivePublisher();
  }

  // --- What routes ask (LiveOriginRpc). ---

  async configure(config: OriginConfig): Promise<void> {
    this.shelf.write('config', config);
    this.stage = this.stage ? { ...this.stage, config } : this.built(config);
    this.happen({ type: 'window_changed' });
  }

  async grantPublish({ sessionId }: Parameters<LiveOriginRpc['grantPublish']>[0]): Promise<{ ok: true } | Refusal> {
    if (!this.stage) return NOT_CONFIGURED;
    this.happen({ type: 'time_passed' });
    const verdict = this.sessions.judge(this.lives.life, sessionId, Date.now());
    if (!verdict.ok) return verdict;
    if (this.sessions.current?.sessionId === sessionId) return { ok: true };
    if (verdict.supersedes) {
      this.sessions.supersede(verdict.supersedes);
      this.letGo('superseded');
      // With a reconnect window of zero the stream ends with its publisher.
      if (this.lives.ended)
        return { ok: false, code: 'conflict', detail: 'The stream has just ended. Make a new one.' };
    }
    this.sessions.grant(sessionId, Date.now());
    return { ok: true };
  }

  async disconnectPublisher(reason: 'key_revoked'): Promise<void> {
    this.letGo(reason);
  }

  async end({ config, trace }: Parameters<LiveOriginRpc['end']>[0] = {}): Promise<boolean> {
    if (!this.stage && config) await this.configure(config);
    return this.happen({ type: 'end_wanted' }, trace);
  }

  async mayBeFollowed(): Promise<{ ok: true } | Refusal> {
    return this.lives.mayBeFollowed(Date.now());
  }

  async state(): Promise<StreamState> {
    this.happen({ type: 'time_passed' });
    return this.lives.life.state;
  }

  async report(): Promise<HealthReport> {
    const state = await this.state();
    return { state, health: this.publisher && this.health, viewersWaiting: this.stage?.readers.waiting ?? 0 };
  }

  async multivariantPlaylist(): Promise<PlaylistAnswer> {
    return this.stage ? multivariantAnswer(this.stage.timeline, this.lives.ended) : NOT_CONFIGURED;
  }

  async mediaPlaylist(rendition: string, query: Record<string, string>): Promise<PlaylistAnswer> {
    return this.stage?.readers.playlist(rendition, query) ?? NOT_CONFIGURED;
  }

  async initSegment(rendition: string, generation: number): Promise<MediaAnswer> {
    return this.stage?.recorder.init(rendition, generation) ?? NOT_CONFIGURED;
  }

  async segment(rendition: string, generation: number, msn: number): Promise<MediaAnswer> {
    return this.stage?.readers.segment(rendition, generation, msn) ?? NOT_CONFIGURED;
  }

  async part(rendition: string, generation: number, msn: number, part: number): Promise<MediaAnswer> {
    return this.stage?.readers.part(rendition, generation, msn, part) ?? NOT_CONFIGURED;
  }

  async poster(): Promise<MediaAnswer> {
    return this.stage?.recorder.poster() ?? NOT_CONFIGURED;
  }

  // --- The publish socket. ---

  /** `?stream=&session=&v=`, upgraded; the door has checked that a node asks. */
  override async fetch(request: Request): Promise<Response> {
    const sessionId = askedSession(request);
    if (!sessionId)
      return new Response(`A publish socket needs an upgrade, a session and v=${PUBLISH_VERSION}.`, { status: 400 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.admit(server, sessionId);
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): Promise<void> {
    const { publisher } = this;
    if (publisher?.socket !== socket) return turnAway(socket, this.sessions.current?.sessionId);
    // After its goodbye a session has nothing more to say.
    if (!this.sessions.current) return;
    this.lastHeardMs = Date.now();
    const frame = readFrame(socket, message);
    if (frame) this.receive(publisher, frame.header, frame.payload);
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
    if (this.stage) this.lives.record(this.stage.config);
    this.lives.watch();
  }

  private admit(socket: WebSocket, sessionId: SessionId): void {
    const { current } = this.sessions;
    if (this.lives.ended || current?.sessionId !== sessionId || !this.stage) {
      stop(socket, this.lives.ended ? 'stream_ended' : this.sessions.refusal(sessionId));
      return;
    }
    const before = this.publisher;
    const isSame = before?.sessionId === sessionId;
    const acknowledgements = isSame ? before.acknowledgements : new Acknowledgements(current.acknowledgedSeq);
    this.publisher = new PublisherSocket(socket, sessionId, acknowledgements);
    before?.close(1000, 'The session has a newer connection.');
    this.lastHeardMs = Date.now();
    this.publisher.welcome(this.stage.timeline);
  }

  private receive(publisher: PublisherSocket, frame: PublishFrame, payload: Uint8Array): void {
    if (frame.type === 'health') this.health = frame.health;
    else if (frame.type === 'poster') this.stage?.recorder.takePoster(payload, Date.now());
    else if (this.stage && publisher.accepts(frame.seq, Date.now())) this.take(this.stage, publisher, frame, payload);
  }

  private take({ intake, readers }: Stage, publisher: PublisherSocket, frame: SeqFrame, payload: Uint8Array): void {
    const { completedSegment } = intake.receive(publisher, frame, payload);
    if ('msn' in frame) {
      this.sessions.lastMediaMs = Date.now();
      this.happen({ type: 'media_came' });
    }
    if (completedSegment) this.happen({ type: 'segment_completed' });
    if (frame.type === 'goodbye') {
      // Its place is free at once, and it still hears that all is stored.
      this.sessions.end();
      this.happen({ type: 'publisher_left' });
    }
    if (frame.type === 'begin' || frame.type === 'goodbye') readers.wakeAll();
    else if (frame.type !== 'init' && (frame.type !== 'chunk' || frame.endsPart)) readers.wake(frame.rendition);
    this.acknowledge();
  }

  private acknowledge(): void {
    const seq = this.publisher?.acknowledge() ?? null;
    if (seq !== null) this.sessions.acknowledge(seq);
  }

  private happen(event: StreamEvent, trace?: Parameters<LifeKeeper['happen']>[2]): boolean {
    return this.stage !== null && this.lives.happen(this.stage.config, event, trace);
  }

  private finish(): void {
    // First the last segments, then the readers: they find them beside ENDLIST.
    this.stage?.intake.close();
    this.letGo('stream_ended');
    this.stage?.readers.wakeAll();
  }

  /** Ends the session, and the connection if there is one. */
  private letGo(reason: 'superseded' | 'stream_ended' | 'key_revoked'): void {
    const { publisher } = this;
    this.sessions.end();
    if (publisher) stop(publisher.socket, reason);
    this.lose();
  }

  /** The connection is gone; its session may come back with a new one. */
  private lose(): void {
    this.publisher = null;
    this.health = null;
    this.happen({ type: 'publisher_left' });
  }

  private built(config: OriginConfig): Stage {
    return setStage(config, {
      ctx: this.ctx,
      bucket: this.env.MEDIA,
      shelf: this.shelf,
      publisher: () => this.publisher,
      isRecovering: (timeline) => this.recovery.isUnderWay(this.publisher, timeline),
      ended: () => this.lives.ended,
      onSettled: () => this.acknowledge(),
    });
  }

  /** After an eviction the socket is still there, after a restart it is not. */
  private revivePublisher(): void {
    const { stage } = this;
    const { current } = this.sessions;
    if (current && stage) this.publisher = PublisherSocket.revive(this.ctx.getWebSockets(), current, Date.now());
    if (stage && this.publisher) this.publisher.welcome(stage.timeline);
    else {
      if (current && this.lives.life.state === 'live')
        this.recovery.awaitReturn(Date.now(), () => this.stage?.readers.wakeAll());
      this.happen({ type: 'publisher_left' });
    }
  }
}
