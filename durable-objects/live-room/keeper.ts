// Keeps one room: asks its rules, and carries out what comes of it. Store first, then one frame to everybody.
import { isTheirs, type Whose } from '../../src/domain/chat/guest.ts';
import type { RoomInput, RoomOutput } from '../../src/domain/chat/inputs.ts';
import type { JudgeLine } from '../../src/domain/chat/judging.ts';
import { newRoom, Room } from '../../src/domain/chat/room.ts';
import type { StreamState } from '../../src/protocol/api.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { Closing } from '../../src/protocol/chat/closing.ts';
import type { Refused } from '../../src/protocol/chat/server-frames.ts';
import type { StreamId, UserId } from '../../src/protocol/ids.ts';
import { Archive } from './archive.ts';
import { RoomFacts } from './facts.ts';
import { GuestBook } from './guest-book.ts';
import { Hall, type Seat } from './hall.ts';
import { RoomLog } from './log.ts';
import { type Doer, traceOf } from './traces.ts';

/** What was said is in the database this long after at the latest, and tried again this long after a failure. */
const ARCHIVE_AFTER_MS = 1000;
const ARCHIVE_AGAIN_MS = 5000;
/** The log serves who comes back and who moderates; the archive has it all. */
const KEPT_MS = 24 * 3_600_000;
const KEPT_EVENTS = 50_000;
const PRUNE_EVERY_MS = 3_600_000;

export class RoomKeeper {
  readonly log: RoomLog;
  readonly book: GuestBook;
  readonly hall: Hall;
  /** When others of the object want to be woken. */
  alsoDueMs: (nowMs: number) => number | null = () => null;
  private readonly ctx: DurableObjectState;
  private readonly facts: RoomFacts;
  private readonly archive: Archive;
  private readonly judge: JudgeLine;
  private room: Room | null = null;
  /** What everybody has been told is written down only while something is gathered. */
  private isUntold: boolean;
  private alarmAtMs: number | null = null;

  constructor(ctx: DurableObjectState, env: Pick<Env, 'DB' | 'AUDIT'>, judge: JudgeLine) {
    this.ctx = ctx;
    this.judge = judge;
    this.log = new RoomLog(ctx.storage.sql);
    this.book = new GuestBook(ctx.storage.sql);
    this.facts = new RoomFacts(ctx.storage.sql);
    this.hall = new Hall(ctx, Date.now());
    this.archive = new Archive({ env, log: this.log, onStranger: (id) => this.forget([id]) });
    const memory = this.facts.read('memory');
    if (memory) this.room = this.opened(memory);
    const untoldFrom = this.facts.read('untoldFrom');
    this.isUntold = untoldFrom !== undefined;
    // Gathered, stored, and then the memory was lost.
    if (untoldFrom !== undefined) this.hall.tell(this.log.after(untoldFrom - 1, KEPT_EVENTS), this.onTold);
  }

  /** The room of this stream; made at the first word of it. */
  at({ streamId, streamState }: { streamId: StreamId; streamState: StreamState }): Room {
    if (!this.room) {
      this.room = this.opened(newRoom(streamId, streamState));
      this.facts.write('memory', this.room.memory);
    } else if (streamState === 'ended') this.receive({ type: 'stream_changed', state: 'ended' }, null);
    return this.room;
  }

  get known(): Room | null {
    return this.room;
  }

  /** Asks the rules; what comes of it has been stored and sent when this returns. */
  receive(input: RoomInput, doer: Doer, asker: WebSocket | null = null): RoomOutput[] {
    const nowMs = Date.now();
    const outputs = this.room?.receive(input, nowMs) ?? [];
    for (const output of outputs) this.carryOut(output, { doer, asker, nowMs });
    this.schedule(nowMs);
    return outputs;
  }

  /** All that was said up to now is in the database afterwards. */
  settle(): Promise<void> {
    return this.archive.settle();
  }

  /** What they came in by is worth nothing any more; null: nobody's is. */
  turnAway(whose: Whose | null, closing: Closing): void {
    this.book.turnAway(whose);
    this.closeWhere(({ guest }) => whose === null || isTheirs(guest, whose), closing);
  }

  forget(ids: readonly UserId[]): void {
    this.log.forget(ids);
    if (!this.room) return;
    this.room.forget(ids);
    this.facts.write('memory', this.room.memory);
  }

  /** The clock: what is due is done, and the next time is set. */
  async wake(): Promise<void> {
    this.alarmAtMs = null;
    const nowMs = Date.now();
    this.receive({ type: 'time_passed' }, null);
    this.closeWhere(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= nowMs, 'signed_out');
    this.book.sweep(nowMs);
    const failed = await this.settle().then(
      () => false,
      (error) => {
        console.error('What was said could not be archived; it is tried again.', error);
        return true;
      },
    );
    this.log.prune({ beforeMs: nowMs - KEPT_MS, keptEvents: KEPT_EVENTS });
    this.schedule(Date.now(), failed ? ARCHIVE_AGAIN_MS : ARCHIVE_AFTER_MS);
  }

  /** Sets the alarm for what is due next. */
  schedule(nowMs: number, archiveAfterMs = ARCHIVE_AFTER_MS): void {
    // While much is said, the next time is near already.
    if (this.alarmAtMs !== null && this.alarmAtMs > nowMs && this.alarmAtMs <= nowMs + ARCHIVE_AFTER_MS) return;
    const due = [
      this.log.hasUnarchived ? nowMs + archiveAfterMs : null,
      this.room?.nextLookMs ?? null,
      this.book.nextExpiryMs(),
      this.alsoDueMs(nowMs),
      this.log.hasOld ? nowMs + PRUNE_EVERY_MS : null,
    ].filter((atMs) => atMs !== null);
    const nextMs = Math.max(nowMs, Math.min(...due));
    if (due.length === 0 || (this.alarmAtMs !== null && this.alarmAtMs <= nextMs)) return;
    this.alarmAtMs = nextMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(nextMs));
  }

  private opened(memory: Room['memory']): Room {
    const { seq, lastAtMs } = this.log;
    return new Room(memory, { seq, lastSentAtMs: lastAtMs, judge: this.judge });
  }

  private carryOut(
    output: RoomOutput,
    { doer, asker, nowMs }: { doer: Doer; asker: WebSocket | null; nowMs: number },
  ): void {
    switch (output.type) {
      case 'toEverybody':
        this.tellEverybody(output, output.trace && traceOf(output.trace, doer, nowMs));
        break;
      case 'toAsker':
        if (asker) this.hall.toOne(asker, output.frame);
        break;
      case 'refuse':
        if (asker) this.hall.toOne(asker, refusedFrame(output));
        break;
      case 'remember':
        if (this.room) this.facts.write('memory', this.room.memory);
        break;
      case 'closeEverybody':
        this.hall.flush(this.onTold);
        this.turnAway(null, output.closing);
        break;
      default:
        output satisfies never;
    }
  }

  private tellEverybody({ event, keys }: Extract<RoomOutput, { type: 'toEverybody' }>, trace: AuditEntry | null): void {
    const frame = this.log.append(event, keys, trace);
    if (event.kind === 'removed') this.hall.withdraw(this.log.seqsOf(event.messageIds));
    if (!this.isUntold && this.hall.frameIntervalMs > 0) {
      this.facts.write('untoldFrom', event.seq);
      this.isUntold = true;
    }
    this.hall.toEverybody(frame, this.onTold);
  }

  private readonly onTold = (): void => {
    if (this.isUntold) this.facts.drop('untoldFrom');
    this.isUntold = false;
  };

  private closeWhere(isMeant: (seat: Seat) => boolean, closing: Closing): void {
    for (const { visitId } of this.hall.closeWhere(isMeant, closing)) if (visitId) this.book.end(visitId);
  }
}

export const refusedFrame = ({
  refusal,
  clientId,
}: Pick<Extract<RoomOutput, { type: 'refuse' }>, 'refusal' | 'clientId'>): Refused => ({
  kind: 'refused',
  clientId,
  ...refusal,
});
