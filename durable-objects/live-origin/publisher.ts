// The publisher's end of the publish socket: who it is, what it has sent, and what to say to it.
import { Acknowledgements } from '../../src/domain/hls/acknowledgements.ts';
import { FootlightError } from '../../src/protocol/errors.ts';
import { SessionId } from '../../src/protocol/ids.ts';
import { type OriginFrame, PUBLISH_VERSION } from '../../src/protocol/ingest.ts';
import { decodeFrame } from '../../src/protocol/wire.ts';

/** What stays with the socket when the memory of the object is lost. */
interface Attachment {
  sessionId: SessionId;
  receivedSeq: number;
}

/** How long a publisher may take to send again what was lost, before it is made to reconnect. */
const RESEND_LIMIT_MS = 3000;

export class PublisherSocket {
  readonly socket: WebSocket;
  readonly sessionId: SessionId;
  readonly acknowledgements: Acknowledgements;
  private receivedSeq: number;
  /** While memory that was lost is being sent again. */
  private resend: { upToSeq: number; hasBegun: boolean; sinceMs: number } | null = null;

  constructor(socket: WebSocket, sessionId: SessionId, acknowledgements: Acknowledgements) {
    this.socket = socket;
    this.sessionId = sessionId;
    this.acknowledgements = acknowledgements;
    this.receivedSeq = acknowledgements.seq;
    this.attach();
  }

  /** The socket of the session that outlived the memory of the object. */
  static revive(
    sockets: WebSocket[],
    { sessionId, acknowledgedSeq }: { sessionId: SessionId; acknowledgedSeq: number },
    nowMs: number,
  ): PublisherSocket | null {
    for (const socket of sockets) {
      const attachment = socket.deserializeAttachment() as Attachment | null;
      if (attachment?.sessionId !== sessionId || socket.readyState !== WebSocket.OPEN) continue;
      const publisher = new PublisherSocket(socket, sessionId, new Acknowledgements(acknowledgedSeq));
      const { receivedSeq } = attachment;
      publisher.receivedSeq = receivedSeq;
      publisher.attach();
      if (receivedSeq > acknowledgedSeq) publisher.resend = { upToSeq: receivedSeq, hasBegun: false, sinceMs: nowMs };
      return publisher;
    }
    return null;
  }

  /** Media that viewers have seen is still missing. */
  isResending(nowMs: number): boolean {
    return this.resend !== null && nowMs - this.resend.sinceMs < RESEND_LIMIT_MS;
  }

  /** False: the frame was under way when memory was lost, and comes again after those before it. */
  accepts(seq: number, nowMs: number): boolean {
    if (this.resend && !this.resend.hasBegun) {
      if (seq > Math.max(this.resend.upToSeq, this.acknowledgements.seq + 1)) {
        if (!this.isResending(nowMs)) this.close(1011, 'The frames asked for did not come: connect again.');
        return false;
      }
      this.resend.hasBegun = true;
    }
    if (this.resend && seq >= this.resend.upToSeq) this.resend = null;
    if (seq > this.receivedSeq) {
      this.receivedSeq = seq;
      this.attach();
    }
    return true;
  }

  say(frame: OriginFrame): void {
    sayTo(this.socket, frame);
  }

  welcome({ nextGeneration, nextMsn, endMs }: { nextGeneration: number; nextMsn: number; endMs: number | null }): void {
    const acknowledgedSeq = this.acknowledgements.seq;
    this.say({ type: 'welcome', nextGeneration, nextMsn, lastProgramDateTimeMs: endMs, acknowledgedSeq });
  }

  /** Says what is newly stored, and gives it back. */
  acknowledge(): number | null {
    const seq = this.acknowledgements.advance();
    if (seq !== null) this.say({ type: 'ack', seq });
    return seq;
  }

  close(code: number, reason: string): void {
    closeQuietly(this.socket, code, reason);
  }

  private attach(): void {
    this.socket.serializeAttachment({ sessionId: this.sessionId, receivedSeq: this.receivedSeq } satisfies Attachment);
  }
}

/** The session of a request for a publish socket (`?stream=&session=&v=`, upgraded); null: it is no such request. */
export function askedSession(request: Request): SessionId | null {
  const { searchParams } = new URL(request.url);
  const isUpgrade = request.headers.get('Upgrade') === 'websocket';
  const asked = SessionId.safeParse(searchParams.get('session'));
  return isUpgrade && asked.success && searchParams.get('v') === String(PUBLISH_VERSION) ? asked.data : null;
}

/** What a message says; null when it makes no sense, which its sender is then told. */
export function readFrame(socket: WebSocket, message: ArrayBuffer | string): ReturnType<typeof decodeFrame> | null {
  try {
    if (typeof message === 'string') throw new FootlightError('invalid_request', 'A publish frame is binary.');
    return decodeFrame(new Uint8Array(message));
  } catch (error) {
    if (!(error instanceof FootlightError)) throw error;
    sayTo(socket, { type: 'refused', seq: 0, code: error.code, detail: error.message });
    return null;
  }
}

function sayTo(socket: WebSocket, frame: OriginFrame): void {
  // A socket that closes at this moment takes no word any more, and needs none: its publisher is welcomed again.
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

/** Lets the encoder go for good. */
export function stop(socket: WebSocket, reason: Extract<OriginFrame, { type: 'stop' }>['reason']): void {
  sayTo(socket, { type: 'stop', reason });
  closeQuietly(socket, 1000, reason);
}

/** Answers a frame on a socket that was let go, or that its session has replaced. */
export function turnAway(socket: WebSocket, current: SessionId | undefined): void {
  const attachment = socket.deserializeAttachment() as Attachment | null;
  if (attachment?.sessionId !== current) stop(socket, 'superseded');
  else closeQuietly(socket, 1000, 'The session has a newer connection.');
}

function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
}
