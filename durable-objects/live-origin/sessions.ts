// The session that may publish, and those that lost their place: kept on the shelf.
import { judgePublish, type PublishVerdict, type StreamLife } from '../../src/domain/stream.ts';
import type { SessionId } from '../../src/protocol/ids.ts';
import type { Session, Shelf } from './shelf.ts';

/** Sessions remembered as superseded; one that is older is answered as unknown, with the same effect. */
const REMEMBERED = 20;

export class Sessions {
  current: Session | null;
  /** Media of the current session, or its grant; after a loss of memory, that moment. */
  lastMediaMs = Date.now();
  private readonly shelf: Shelf;

  constructor(shelf: Shelf) {
    this.shelf = shelf;
    this.current = shelf.read('session') ?? null;
  }

  /** May this session publish? */
  judge(life: StreamLife, sessionId: SessionId, nowMs: number): PublishVerdict {
    const { current, lastMediaMs } = this;
    return judgePublish(life, current && { sessionId: current.sessionId, lastHeardMs: lastMediaMs }, sessionId, nowMs);
  }

  grant(sessionId: SessionId, nowMs: number): void {
    this.lastMediaMs = nowMs;
    this.set({ sessionId, acknowledgedSeq: 0 });
  }

  acknowledge(acknowledgedSeq: number): void {
    if (this.current) this.set({ ...this.current, acknowledgedSeq });
  }

  end(): void {
    this.set(null);
  }

  /** Another session takes its place. */
  supersede(sessionId: SessionId): void {
    this.shelf.write('superseded', [...this.superseded, sessionId].slice(-REMEMBERED));
  }

  /** Why a session may not publish (any more). */
  refusal(sessionId: SessionId): 'superseded' | 'unknown_session' {
    return this.superseded.includes(sessionId) ? 'superseded' : 'unknown_session';
  }

  private get superseded(): SessionId[] {
    return this.shelf.read('superseded') ?? [];
  }

  private set(session: Session | null): void {
    this.current = session;
    this.shelf.write('session', session);
  }
}
