// Keeps one room: asks its rules, and carries out what comes of it. Store first, then one frame to everybody.
import type { Whose } from '../../src/domain/chat/guest.ts';
import type { HeldState, RoomInput, RoomMemory, RoomOutput, SendAsk, SendFacts } from '../../src/domain/chat/inputs.ts';
import { houseJudge, type JudgeLine } from '../../src/domain/chat/judging.ts';
import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import { refusedByBan, silencedBy } from '../../src/domain/chat/restraint.ts';
import { newRoom, Room } from '../../src/domain/chat/room.ts';
import { underShield } from '../../src/domain/chat/shield.ts';
import type { Speaker } from '../../src/domain/chat/speaker.ts';
import type { StreamState } from '../../src/protocol/api.ts';
import type { Closing } from '../../src/protocol/chat/closing.ts';
import type { StreamId, UserId } from '../../src/protocol/ids.ts';
import { type Doer, holderOf, refusedFrame, traceOf } from './answers.ts';
import { Archive } from './archive.ts';
import { DeskLine } from './desk-line.ts';
import { RoomFacts } from './facts.ts';
import { GuestBook } from './guest-book.ts';
import type { Hall } from './hall.ts';
import type { Hearers } from './hearers.ts';
import { HeldShelf } from './held-shelf.ts';
import { RoomLog } from './log.ts';
import { RestraintShelf } from './restraint-shelf.ts';
import { Rulebook } from './rulebook.ts';
import { Telling } from './telling.ts';
import { TraceBox } from './trace-box.ts';

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
  readonly telling: Telling;
  readonly hall: Hall;
  /** When others of the object want to be woken. */
  alsoDueMs: (nowMs: number) => number | null = () => null;
  /** What others of the object know already when the room begins. */
  atBirth: () => Partial<RoomMemory> = () => ({});
  readonly held: HeldShelf;
  readonly restraints: RestraintShelf;
  readonly rules: Rulebook;
  readonly traces: TraceBox;
  readonly desk: DeskLine;
  private readonly ctx: DurableObjectState;
  readonly facts: RoomFacts;
  private readonly archive: Archive;
  readonly judge: JudgeLine;
  private room: Room | null = null;
  private alarmAtMs: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    this.ctx = ctx;
    this.log = new RoomLog(ctx.storage.sql);
    this.book = new GuestBook(ctx.storage.sql);
    this.facts = new RoomFacts(ctx.storage.sql);
    this.rules = new Rulebook(env.DB, this.facts);
    this.judge = houseJudge(() => underShield(this.rules.current, this.room?.memory.shield ?? null, Date.now()));
    this.held = new HeldShelf(ctx.storage.sql);
    this.restraints = new RestraintShelf(ctx.storage.sql);
    this.traces = new TraceBox(ctx.storage.sql);
    this.archive = new Archive({ env, log: this.log, traces: this.traces, onStranger: (id) => this.forget([id]) });
    const memory = this.facts.read('memory');
    if (memory) this.room = this.opened(memory);
    const { log, book, facts } = this;
    this.telling = new Telling({ ctx, env, log, book, facts, streamId: () => this.room?.memory.streamId ?? null });
    this.hall = this.telling.hall;
    this.desk = new DeskLine(this.telling);
  }

  /** The room of this stream; made at the first word of it. */
  at({ streamId, streamState }: { streamId: StreamId; streamState: StreamState }): Room {
    if (!this.room) {
      this.room = this.opened({ ...newRoom(streamId, streamState), ...this.atBirth() });
      this.facts.write('memory', this.room.memory);
    } else if (streamState === 'ended') this.receive({ type: 'stream_changed', state: 'ended' }, null);
    return this.room;
  }

  /** What keeps them from saying something to everybody at once. */
  silenceOf(speaker: Speaker, nowMs: number): RoomRefusal | null {
    return silencedBy(this.restraints.facts(speaker).restraint, nowMs);
  }

  /** The ban that stands against them at this moment, as a refusal. */
  banOf(speaker: Speaker, nowMs: number): RoomRefusal | null {
    return refusedByBan(this.restraints.facts(speaker).restraint, nowMs);
  }

  /** What is known here about something that somebody wants to say. */
  factsFor(speaker: Speaker, ask: SendAsk): Omit<SendFacts, 'newId'> {
    const { id } = speaker;
    return { ...this.log.facts(id, ask), ...this.held.facts(id, ask.clientId), ...this.restraints.facts(speaker) };
  }

  get known(): Room | null {
    return this.room;
  }

  /** Asks the rules; what comes of it has been stored and sent when this returns. */
  receive(input: RoomInput, doer: Doer, asker: WebSocket | null = null): RoomOutput[] {
    return this.carryOutAll(this.room?.receive(input, Date.now()) ?? [], { doer, asker });
  }

  carryOutAll(outputs: RoomOutput[], { doer, asker }: { doer: Doer; asker: WebSocket | null }): RoomOutput[] {
    const nowMs = Date.now();
    for (const output of outputs) this.carryOut(output, { doer, asker, nowMs });
    this.schedule(nowMs);
    return outputs;
  }

  /** All that was said up to now is in the database afterwards. */
  settle(): Promise<void> {
    return this.archive.settle();
  }

  /** What they came in by is worth nothing any more; null: nobody's is. */
  async turnAway(whose: Whose | null, closing: Closing): Promise<void> {
    this.book.turnAway(whose);
    await this.telling.turnAway(whose, closing);
  }

  /** The visit ends with the socket. */
  sendAway(socket: WebSocket, closing: Closing): void {
    const seat = this.hall.close(socket, closing);
    if (seat?.visitId) this.book.end(seat.visitId);
  }

  /** The visit may go on with another socket. */
  lose(socket: WebSocket): void {
    const seat = this.hall.leave(socket);
    if (seat?.sitting) this.book.cut(seat.sitting, Date.now());
  }

  forget(ids: readonly UserId[]): void {
    this.log.forget(ids);
    this.held.forget(ids);
    this.restraints.forget(ids);
    this.traces.forget(ids);
    void this.telling.shards.orderAll({ type: 'forget' });
    if (!this.room) return;
    this.room.forget(ids);
    this.facts.write('memory', this.room.memory);
  }

  /** The clock: what is due is done, and the next time is set. */
  async wake(): Promise<void> {
    this.alarmAtMs = null;
    const nowMs = Date.now();
    this.receive({ type: 'time_passed' }, null);
    for (const { visitId } of this.hall.closeExpired(nowMs)) if (visitId) this.book.end(visitId);
    this.book.sweep(nowMs);
    for (const held of this.held.overdue(nowMs)) this.receive({ type: 'hold_expired', held }, null);
    this.held.sweep(nowMs);
    this.restraints.sweep(nowMs);
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
      this.log.hasUnarchived || this.traces.hasAny ? nowMs + archiveAfterMs : null,
      this.room?.nextLookMs ?? null,
      this.book.nextExpiryMs(),
      this.alsoDueMs(nowMs),
      this.held.nextExpiryMs(),
      this.restraints.nextExpiryMs(),
      this.log.told.hasOld ? nowMs + PRUNE_EVERY_MS : null,
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
      case 'toAuthor':
        if (output.type === 'toAuthor' && output.trace) this.traces.put(traceOf(output.trace, doer, nowMs));
        this.telling.event(output, output.trace && traceOf(output.trace, doer, nowMs));
        this.desk.happened(output.event, doer);
        break;
      case 'hold':
        this.held.keep(output.held);
        this.traces.put(traceOf(output.trace, holderOf(output.held, doer), nowMs));
        this.telling.toSome(whoDecides(output.held), { kind: 'held', line: output.held.line });
        break;
      case 'decided':
        this.held.decide(output.held, output.decision);
        if (output.trace) this.traces.put(traceOf(output.trace, holderOf(output.held, doer), nowMs));
        this.telling.toSome(whoDecides(output.held), { kind: 'decided', ...output.decision });
        this.tellAuthor(output);
        break;
      case 'doubt':
        break;
      case 'toAsker':
        if (asker) this.hall.toOne(asker, output.frame);
        break;
      case 'refuse':
        if (output.denied) {
          this.traces.put(traceOf(output.denied.trace, null, nowMs));
          this.desk.denied(output.denied.line, nowMs);
        }
        if (asker) this.hall.toOne(asker, refusedFrame(output));
        break;
      case 'remember':
        if (this.room) this.facts.write('memory', this.room.memory);
        break;
      case 'closeEverybody':
        this.ctx.waitUntil(this.turnAway(null, output.closing));
        break;
      default:
        output satisfies never;
    }
  }

  /** Nobody else hears that something of theirs was held. */
  private tellAuthor({ held, refusal }: Extract<RoomOutput, { type: 'decided' }>): void {
    const { authorId, clientId } = held.keys;
    if (refusal) this.telling.toSome({ userId: authorId }, refusedFrame({ refusal, clientId }));
  }
}

/** Who is held without knowing it may be a moderator. */
const whoDecides = ({ isShadow, keys }: HeldState): Hearers =>
  isShadow ? { moderatorsBut: keys.authorId } : 'moderators';
