// Takes what was said from the room to the database, in batches and as often as it takes: a message is there once.
import { actOf } from '../../src/domain/chat/acts.ts';
import { announcementIn } from '../../src/domain/chat/announcing.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { Message } from '../../src/protocol/chat/message.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { leaveTraces } from '../../src/storage/audit-trail.ts';
import { type Clearing, clearMessages } from '../../src/storage/clearing.ts';
import { archiveMessages, type Removal } from '../../src/storage/messages.ts';
import { keepActs } from '../../src/storage/person-acts.ts';
import type { RoomLog, Unarchived } from './log.ts';
import type { TraceBox } from './trace-box.ts';

/** Of events; D1 takes a batch of this size well within a second. */
const BATCH = 500;

export class Archive {
  private readonly env: Pick<Env, 'DB' | 'AUDIT'>;
  private readonly log: RoomLog;
  private readonly traces: TraceBox;
  private readonly onStranger: (userId: UserId) => void;
  private underWay: Promise<void> | null = null;

  /** `onStranger`: an author turns out to have left Footlight while the words were on their way. */
  constructor(around: {
    env: Pick<Env, 'DB' | 'AUDIT'>;
    log: RoomLog;
    traces: TraceBox;
    onStranger: (userId: UserId) => void;
  }) {
    this.env = around.env;
    this.log = around.log;
    this.traces = around.traces;
    this.onStranger = around.onStranger;
  }

  /** Everything that has happened up to now is in the database afterwards. */
  async settle(): Promise<void> {
    // What is under way may have begun before the newest event.
    await this.underWay?.catch(() => undefined);
    this.underWay ??= this.run().finally(() => {
      this.underWay = null;
    });
    await this.underWay;
  }

  private async run(): Promise<void> {
    while (this.traces.hasAny) {
      const { upTo, entries } = this.traces.oldest(BATCH);
      await this.leave(entries);
      this.traces.drop(upTo);
    }
    for (;;) {
      const batch = this.log.unarchived(BATCH);
      const last = batch.at(-1);
      if (!last) return;
      await this.store(batch);
      this.log.archived(last.seq);
    }
  }

  private async store(batch: readonly Unarchived[]): Promise<void> {
    const messages: Message[] = [];
    const removals: Removal[] = [];
    const clearings: Clearing[] = [];
    const traces: AuditEntry[] = [];
    for (const { event, trace } of batch) {
      if (event.kind === 'message') messages.push(event);
      const announced = event.kind === 'announcement' ? announcementIn(event) : null;
      if (announced) messages.push(announced);
      if (event.kind === 'removed')
        for (const id of event.messageIds) removals.push({ id, atMs: Date.parse(event.at), by: event.by });
      if (event.kind === 'cleared') {
        const { streamId, upToSeq, at } = event;
        clearings.push({ streamId, upToSeq, atMs: Date.parse(at) });
      }
      if (trace) traces.push(trace);
    }
    const strangers = await archiveMessages(this.env.DB, { messages, removals });
    for (const id of strangers) this.onStranger(id);
    for (const clearing of clearings) await clearMessages(this.env.DB, clearing);
    await this.leave(traces);
  }

  /** For the log; and for the cards of those whom they are about. */
  private async leave(entries: readonly AuditEntry[]): Promise<void> {
    await leaveTraces(this.env, entries);
    await keepActs(
      this.env.DB,
      entries.flatMap((entry) => actOf(entry) ?? []),
      Date.now(),
    );
  }
}
