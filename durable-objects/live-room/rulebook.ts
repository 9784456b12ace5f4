// By which rules a room judges: read when the object has none in its memory or is told of a change, compiled once per version.
import { type JudgingBy, judgingBy } from '../../src/domain/chat/judging.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import { findRulesOfStream } from '../../src/storage/rules.ts';
import type { RoomFacts } from './facts.ts';

/** A room is told of changes; one that could not be told has them after this long. */
const READ_AGAIN_AFTER_MS = 60_000;

export class Rulebook {
  private readonly db: D1Database;
  private readonly facts: RoomFacts;
  private by: JudgingBy;
  /** What is read at this moment; asked for once, whoever waits for it. */
  private reading: Promise<void> | null = null;
  private readAtMs: number | null = null;
  /** What else is read of the channel at the same time. */
  alsoRead: (streamId: StreamId) => Promise<void> = async () => {};

  constructor(db: D1Database, facts: RoomFacts) {
    this.db = db;
    this.facts = facts;
    // As they were when the memory of the object was lost, until they are read again.
    this.by = judgingBy(facts.read('rules') ?? null);
  }

  get current(): JudgingBy {
    return this.by;
  }

  /** Before the first line that is judged. Null: they are there, and nobody has to wait. */
  ready(streamId: StreamId): Promise<void> | null {
    if (this.readAtMs !== null && this.readAtMs > Date.now() - READ_AGAIN_AFTER_MS) return null;
    this.reading ??= this.read(streamId)
      .catch((error) => console.error('The rules of the room could not be read; it judges by those it has.', error))
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }

  async read(streamId: StreamId): Promise<void> {
    const [rules] = await Promise.all([findRulesOfStream(this.db, streamId), this.alsoRead(streamId)]);
    // Of two that were asked for at the same time the older answer may come last.
    const isOlder =
      rules.channel.version < (this.by.rules?.channel.version ?? 0) ||
      rules.platform.version < (this.by.rules?.platform.version ?? 0);
    this.readAtMs = Date.now();
    if (isOlder) return;
    this.facts.write('rules', rules);
    this.by = judgingBy(rules, this.by);
  }
}
