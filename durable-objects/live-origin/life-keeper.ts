// Carries the life of one stream: remembers it, tells the database of it, and wakes the object when time alone changes it.
import { advance, quietUntilMs, type StreamEvent, type StreamLife, turningPoint } from '../../src/domain/stream.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import { AuditId, mintId } from '../../src/protocol/ids.ts';
import type { OriginConfig, Refusal } from '../../src/protocol/origin.ts';
import { leaveTrace } from '../../src/storage/audit-trail.ts';
import { recordStreamState } from '../../src/storage/streams.ts';
import type { Shelf } from './shelf.ts';

/** While a stream runs it looks after itself this often, also when nobody asks. */
const WATCH_EVERY_MS = 15_000;

const JUST_ENDED =
  'The broadcast was ended a moment ago, and an encoder does not bring it back by itself. Open a new stream in the studio, or stop the encoder and start it again after a while.';

interface Surroundings {
  ctx: DurableObjectState;
  env: Pick<Env, 'DB' | 'AUDIT' | 'LIVE_ROOM'>;
  shelf: Shelf;
  /** Once, when the life has just become `ended`. */
  onEnded(): void;
}

export class LifeKeeper {
  life: StreamLife;
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    this.life = around.shelf.read('life') ?? { state: 'waiting' };
  }

  get ended(): boolean {
    return this.life.state === 'ended';
  }

  /** True when it changed anything. `asked`: what whoever asked for it wants to be told of the change. */
  happen(config: OriginConfig, event: StreamEvent, asked?: AuditEntry): boolean {
    const before = this.life;
    const reconnectWindowMs = config.reconnectWindowSeconds * 1000;
    this.life = advance(before, event, { nowMs: Date.now(), reconnectWindowMs });
    if (this.life === before) return false;
    this.around.shelf.write('life', this.life);
    this.trace(config, before, asked);
    if (this.ended) this.around.onEnded();
    this.record(config);
    this.watch();
    return true;
  }

  /** May a publish open the channel's next stream? A try that comes too early is remembered. */
  mayBeFollowed(nowMs: number): { ok: true } | Refusal {
    const { shelf } = this.around;
    const untilMs = quietUntilMs(this.life, shelf.read('triedMs') ?? null);
    if (nowMs >= untilMs) return { ok: true };
    shelf.write('triedMs', nowMs);
    // No Retry-After: an encoder that obeys it would be live again by itself.
    return { ok: false, code: 'conflict', detail: JUST_ENDED };
  }

  /** Tells the database and the room; what fails is tried again at the next watch. */
  record({ streamId }: OriginConfig): void {
    const { ctx, env, shelf } = this.around;
    const { life } = this;
    if (life.state === 'waiting' || shelf.read('recorded') === life.state) return;
    const atMs = life.state === 'ended' ? life.atMs : life.sinceMs;
    const room = env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(streamId));
    const recorded = Promise.all([
      recordStreamState(env.DB, { streamId, state: life.state, atMs }),
      room.streamChanged({ streamId, streamState: life.state }),
    ]).then(
      () => shelf.write('recorded', life.state),
      (error) => console.error(`The state of ${streamId} could not be recorded; it is tried again.`, error),
    );
    ctx.waitUntil(recorded);
  }

  /** Sets the next time to look after itself; none once the stream has ended and that is recorded. */
  watch(): void {
    const { ctx, shelf } = this.around;
    if (this.life.state === 'waiting' || (this.ended && shelf.read('recorded') === 'ended')) return;
    const soonMs = Date.now() + WATCH_EVERY_MS;
    const atMs = this.life.state === 'interrupted' ? Math.min(this.life.endsAtMs, soonMs) : soonMs;
    ctx.waitUntil(ctx.storage.setAlarm(atMs));
  }

  /** Leaves the one trace of the change, in the name of whoever asked for it. */
  private trace({ streamId }: OriginConfig, before: StreamLife, asked?: AuditEntry): void {
    const turn = turningPoint(before, this.life);
    if (!turn) return;
    const { ctx, env } = this.around;
    const trace = leaveTrace(env, {
      id: AuditId.parse(mintId('au', crypto.getRandomValues(new Uint8Array(16)))),
      atMs: Date.now(),
      actor: { kind: 'system', id: null, appId: null },
      target: { type: 'stream', id: streamId },
      requestId: null,
      network: null,
      ...turn,
      ...asked,
      before: { state: before.state },
      after: { state: this.life.state },
    });
    ctx.waitUntil(trace);
  }
}
