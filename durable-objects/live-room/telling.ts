// Everybody who hears a room, in it and in its shards: what has happened is stored first, and then told to all of them.
import type { RoomOutput } from '../../src/domain/chat/inputs.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { Closing } from '../../src/protocol/chat/closing.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { RoomFacts } from './facts.ts';
import type { GuestBook } from './guest-book.ts';
import { Hall } from './hall.ts';
import { type Hearers, isMeant, isTurnedAway, type TurningAway } from './hearers.ts';
import type { RoomLog } from './log.ts';
import { Shards } from './shards.ts';

interface Around {
  ctx: DurableObjectState;
  env: Env;
  log: RoomLog;
  book: GuestBook;
  facts: RoomFacts;
  streamId: () => StreamId | null;
}

export class Telling {
  readonly hall: Hall;
  readonly shards: Shards;
  private readonly around: Around;
  /** What everybody has been told is written down only while something is gathered. */
  private isUntold: boolean;

  constructor(around: Around) {
    this.around = around;
    const { ctx, env, log, facts, streamId } = around;
    this.hall = new Hall(ctx, Date.now(), () => this.shards.elsewhere);
    this.shards = new Shards({ env, log, facts, streamId, hall: this.hall, move: (count) => this.move(count) });
    const untoldFrom = facts.read('untoldFrom');
    this.isUntold = untoldFrom !== undefined;
    // Gathered, stored, and then the memory was lost.
    if (untoldFrom !== undefined) this.hall.tell(log.told.after(untoldFrom - 1, UNTOLD_MAX), this.onTold);
    this.shards.remember();
  }

  /** Everybody, in the room and in its shards. */
  get size(): number {
    return this.shards.audience;
  }

  event(output: Extract<RoomOutput, { type: 'toEverybody' | 'toAuthor' }>, trace: AuditEntry | null): void {
    const { log, facts } = this.around;
    const { event } = output;
    const frame = log.keep(output, trace);
    if (event.kind === 'removed' || event.kind === 'cleared')
      this.hall.gatherAnew((fromSeq) => log.told.after(fromSeq - 1, UNTOLD_MAX).filter(({ seq }) => seq < event.seq));
    if (!this.isUntold && this.hall.frameIntervalMs > 0) {
      facts.write('untoldFrom', event.seq);
      this.isUntold = true;
    }
    this.hall.toEverybody(frame, this.onTold);
    this.shards.news();
  }

  /** What is not for everybody, and no event. */
  toSome(to: Hearers, frame: ServerFrame): void {
    this.hall.toSome((guest) => isMeant(guest, to), frame);
    this.shards.orderAll({ type: 'tell', to, frame });
  }

  /** Now, and beside the order of the events; what a newer one overtakes may be left out. */
  tellAll(tally: string): void {
    this.hall.tellAll(tally);
    this.shards.tally(tally);
  }

  /** Settles when every shard has done it, or could not be told. Null: everybody, after the last word. */
  async turnAway(whose: TurningAway['whose'], closing: Closing): Promise<void> {
    if (whose === null) this.hall.flush(this.onTold);
    const order = { whose, closing };
    const gone = this.hall.closeWhere((seat) => isTurnedAway(seat, order), closing);
    for (const { visitId } of gone) if (visitId) this.around.book.end(visitId);
    await this.shards.orderAll({ type: 'turnAway', ...order });
  }

  private move(count: number): void {
    for (const { sitting } of this.hall.move(count)) if (sitting) this.around.book.cut(sitting, Date.now());
  }

  private readonly onTold = (): void => {
    if (this.isUntold) this.around.facts.drop('untoldFrom');
    this.isUntold = false;
    this.shards.told();
  };
}

/** As many as the log keeps. */
const UNTOLD_MAX = 50_000;
