// Carries one session to its origin: sends, keeps what is not acknowledged, reconnects. The only layer that retries.
import type { Health } from '../src/protocol/health.ts';
import { OriginFrame } from '../src/protocol/ingest.ts';
import { encodeFrame } from '../src/protocol/wire.ts';
import type { Log } from './log.ts';
import type { PublishItem } from './publisher/items.ts';
import { PublishRing } from './publisher/ring.ts';
import type { ConnectPublish, PublishSocket } from './publisher/socket.ts';

export type StopReason = Extract<OriginFrame, { type: 'stop' }>['reason'];

export interface PublisherOptions {
  connect: ConnectPublish;
  clock: () => number;
  /** In [0, 1): spreads reconnects. */
  random: () => number;
  log: Log;
  /** The origin ended the session, or the edge was lost for good: let the encoder go. */
  onOver: (reason: string) => void;
}

/** At the bound the oldest whole segments become gaps: at 30 s they are far behind every live viewer. */
const RING_LIMITS = { maxBytes: 64 * 1024 * 1024, maxSeconds: 30 };
/** No more is handed to the socket while this much has not left it. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const TICK_MS = 50;
const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 3000;
/** An edge that stays away this long is not waited for. */
const GIVE_UP_MS = 5 * 60_000;
const PING_MS = 5000;
/** Silence from the edge with frames unacknowledged: the connection is half open. */
const SILENT_MS = 12_000;
const FLUSH_MS = 4000;
/** Answers to the upgrade that another attempt will not change. */
const FINAL_STATUS = new Set([400, 401, 403, 404, 409, 410, 426]);

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #ring = new PublishRing(RING_LIMITS);
  #socket: PublishSocket | null = null;
  #isOpen = false;
  #isOver = false;
  #attempts = 0;
  #retryAtMs: number | null = null;
  #lostSinceMs: number;
  #lastHeardMs = 0;
  #lastPingMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  #onDrained: (() => void) | null = null;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#lostSinceMs = options.clock();
  }

  /** Segments given up because the edge was away too long. */
  get droppedSegments(): number {
    return this.#ring.droppedSegments;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#connect();
  }

  push(item: PublishItem, payload: Uint8Array | null): void {
    if (this.#isOver) return;
    this.#ring.push(item, payload, this.#options.clock());
    this.#pump();
  }

  /** Not kept: what cannot be sent now is worth nothing later. */
  health(health: Health): void {
    if (this.#canSpare()) this.#socket?.send(encodeFrame({ type: 'health', health }));
  }

  /** Not kept either. */
  poster(width: number, height: number, jpeg: Uint8Array): void {
    if (this.#canSpare()) this.#socket?.send(encodeFrame({ type: 'poster', width, height }, jpeg));
  }

  /** Says goodbye and waits until all is stored, FLUSH_MS at most. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#flush(reason).finally(() => this.#shutDown());
    return this.#closing;
  }

  async #flush(reason: string): Promise<void> {
    if (this.#isOver) return;
    this.push({ type: 'goodbye', reason: reason.slice(0, 200) }, null);
    let limit: NodeJS.Timeout | undefined;
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
      limit = setTimeout(resolve, FLUSH_MS);
    });
    this.#settleDrain();
    await drained;
    clearTimeout(limit);
    // A stream that was ended takes nothing more, and need not.
    if (!this.#ring.isEmpty && !this.#isOver) this.#options.log.warn('the edge did not take everything before the end');
  }

  #connect(): void {
    this.#retryAtMs = null;
    let isCurrent = true;
    const guard = (act: () => void) => () => isCurrent && act();
    this.#socket = this.#options.connect({
      onOpen: guard(() => this.#onOpen()),
      onMessage: (text) => isCurrent && this.#onMessage(text),
      onPong: guard(() => this.#heard()),
      onClose: (reason, status) => {
        if (!isCurrent) return;
        isCurrent = false;
        this.#onClose(reason, status);
      },
    });
  }

  #onOpen(): void {
    this.#isOpen = true;
    this.#heard();
    this.#lastPingMs = this.#options.clock();
  }

  #onMessage(text: string): void {
    this.#heard();
    const frame = parseOriginFrame(text);
    if (!frame) {
      this.#options.log.warn('the edge said something that is not in the protocol');
      return;
    }
    switch (frame.type) {
      case 'welcome':
        this.#attempts = 0;
        this.#ring.welcome(frame);
        break;
      case 'ack':
        this.#ring.ack(frame.seq);
        break;
      case 'refused':
        this.#options.log.warn('the edge refused a frame', { seq: frame.seq, code: frame.code, detail: frame.detail });
        this.#ring.refused(frame.seq);
        break;
      case 'stop':
        this.#over(STOP_WORDS[frame.reason]);
        return;
    }
    this.#pump();
    this.#settleDrain();
  }

  #onClose(reason: string, status: number | null): void {
    const nowMs = this.#options.clock();
    if (this.#isOpen) this.#lostSinceMs = nowMs;
    this.#isOpen = false;
    this.#socket = null;
    this.#ring.disconnected();
    if (this.#isOver) return;
    if (status !== null && FINAL_STATUS.has(status)) {
      this.#over(
        `The edge refused this broadcast (${reason}): its permission has ended, or this node's secret is wrong.`,
      );
      return;
    }
    if (nowMs - this.#lostSinceMs > GIVE_UP_MS) {
      this.#over(`The edge was out of reach for ${GIVE_UP_MS / 60_000} minutes, the last time with: ${reason}.`);
      return;
    }
    const capMs = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#retryAtMs = nowMs + capMs * (0.5 + this.#options.random() / 2);
    this.#options.log.warn('the edge is away, trying again', { reason, attempt: this.#attempts });
  }

  #tick(): void {
    const nowMs = this.#options.clock();
    if (this.#retryAtMs !== null && nowMs >= this.#retryAtMs) this.#connect();
    if (this.#isOpen) this.#watch(nowMs);
    this.#pump();
  }

  /** A connection whose other end has gone without a word is noticed by its silence. */
  #watch(nowMs: number): void {
    if (nowMs - this.#lastPingMs >= PING_MS) {
      this.#lastPingMs = nowMs;
      this.#socket?.ping();
    }
    if (!this.#ring.isEmpty && nowMs - this.#lastHeardMs > SILENT_MS) this.#socket?.terminate();
  }

  #pump(): void {
    while (this.#isOpen && this.#socket && this.#socket.bufferedAmount() < MAX_BUFFERED_BYTES) {
      const next = this.#ring.next();
      if (!next) return;
      this.#socket.send(encodeFrame(next.header, next.payload));
    }
  }

  #canSpare(): boolean {
    return this.#isOpen && !this.#isOver && (this.#socket?.bufferedAmount() ?? 0) < MAX_BUFFERED_BYTES / 4;
  }

  #heard(): void {
    this.#lastHeardMs = this.#options.clock();
  }

  #settleDrain(): void {
    if (this.#ring.isEmpty || this.#isOver) this.#onDrained?.();
  }

  #over(reason: string): void {
    if (this.#isOver) return;
    this.#shutDown();
    this.#settleDrain();
    this.#options.onOver(reason);
  }

  #shutDown(): void {
    this.#isOver = true;
    this.#isOpen = false;
    this.#retryAtMs = null;
    if (this.#timer) clearInterval(this.#timer);
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    // A peer that does not answer the closing handshake does not keep the socket.
    setTimeout(() => socket.terminate(), 1000).unref();
  }
}

const STOP_WORDS: Record<StopReason, string> = {
  stream_ended: 'The stream was ended.',
  superseded: 'Another encoder has taken over this channel.',
  key_revoked: 'The stream key was revoked.',
  unknown_session: 'The edge does not know this session any longer; please start the broadcast again.',
};

function parseOriginFrame(text: string): OriginFrame | null {
  try {
    return OriginFrame.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
