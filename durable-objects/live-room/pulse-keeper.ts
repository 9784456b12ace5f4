// Keeps what is counted in one room: asks the rules, stores and tells it once per tick.
import { tickMs } from '../../src/domain/chat/audience.ts';
import { NO_PULSE, Pulse, type PulseInput, type PulseOutput } from '../../src/domain/chat/pulse.ts';
import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import type { TallyFrame } from '../../src/protocol/chat/server-frames.ts';
import type { Tally } from '../../src/protocol/chat/tally.ts';
import type { StreamId, UserId } from '../../src/protocol/ids.ts';
import { countUpvotes } from '../../src/storage/upvotes.ts';
import { type Doer, traceOf } from './answers.ts';
import { Ballots } from './ballots.ts';
import { RoomFacts } from './facts.ts';
import type { Telling } from './telling.ts';
import type { TraceBox } from './trace-box.ts';

/** What is nearer than this is waited for in memory, the rest by the alarm of the object. */
const SOON_MS = 1000;

export class PulseKeeper {
  readonly ballots: Ballots;
  private readonly facts: RoomFacts;
  private readonly audience: Pick<Telling, 'size' | 'tellAll'>;
  private readonly traces: TraceBox;
  private readonly env: Pick<Env, 'DB'>;
  private pulse: Pulse | null = null;
  private streamId: StreamId | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isCounting = false;
  private areUpvotesStale = false;

  constructor(
    sql: SqlStorage,
    env: Pick<Env, 'DB'>,
    { telling, traces }: { telling: Pick<Telling, 'size' | 'tellAll'>; traces: TraceBox },
  ) {
    this.env = env;
    this.audience = telling;
    this.traces = traces;
    this.facts = new RoomFacts(sql);
    this.ballots = new Ballots(sql);
  }

  /** Of this stream; the first call gets it off the shelf. */
  at(streamId: StreamId, hasEnded: boolean): this {
    if (this.pulse === null) {
      const memory = this.facts.read('pulse') ?? NO_PULSE;
      const { poll } = memory;
      // The ballots are stored as they come, the rest once per tick.
      const isOpen = poll?.state === 'open';
      const counted = isOpen ? { ...poll, counts: this.ballots.counted(poll.options.length) } : poll;
      this.pulse = new Pulse({ ...memory, poll: counted }, { streamId, hasEnded: false, nowMs: Date.now() });
      this.streamId = streamId;
    }
    if (hasEnded) this.receive({ type: 'stream_ended' }, null);
    return this;
  }

  get tally(): Tally {
    return this.pulse?.tally ?? new Pulse(NO_PULSE, { streamId: '' as StreamId, hasEnded: false, nowMs: 0 }).tally;
  }

  /** Asks the rules; what has to be kept is stored when this returns. Null: it was done. */
  receive(input: PulseInput, doer: Doer): RoomRefusal | null {
    const nowMs = Date.now();
    const outputs = this.pulse?.receive(input, nowMs, tickMs(this.audience.size)) ?? [];
    let refusal: RoomRefusal | null = null;
    for (const output of outputs) refusal = this.carryOut(output, doer, nowMs) ?? refusal;
    this.wait(nowMs);
    return refusal;
  }

  vote(ask: { userId: UserId; pollId: Extract<PulseInput, { type: 'vote' }>['pollId']; option: number }, doer: Doer) {
    return this.receive({ type: 'vote', ...ask, before: this.ballots.of(ask.userId) }, doer);
  }

  /** Asks the database how many upvotes there are: one look at a time, however many have changed. */
  async countUpvotes(): Promise<void> {
    this.areUpvotesStale = true;
    if (this.isCounting || !this.streamId) return;
    this.isCounting = true;
    try {
      while (this.areUpvotesStale) {
        this.areUpvotesStale = false;
        const count = await countUpvotes(this.env.DB, this.streamId);
        this.receive({ type: 'upvotes', count }, null);
      }
    } finally {
      this.isCounting = false;
    }
  }

  /** For the alarm of the object; null: nothing waits. */
  get nextLookMs(): number | null {
    return this.pulse?.nextLookMs(tickMs(this.audience.size)) ?? null;
  }

  private carryOut(output: PulseOutput, doer: Doer, nowMs: number): RoomRefusal | null {
    switch (output.type) {
      case 'tell':
        this.remember();
        this.audience.tellAll(
          JSON.stringify({ kind: 'tally', tally: output.tally, mediaTimeMs: output.mediaTimeMs } satisfies TallyFrame),
        );
        return null;
      case 'remember':
        this.remember();
        return null;
      case 'keepBallot':
        this.ballots.keep(output.userId, output.option);
        return null;
      case 'dropBallots':
        this.ballots.drop();
        return null;
      case 'trace':
        this.traces.put(traceOf(output.trace, doer, nowMs));
        return null;
      case 'refuse':
        return output.refusal;
      default:
        return output satisfies never;
    }
  }

  private remember(): void {
    if (this.pulse) this.facts.write('pulse', this.pulse.memory);
  }

  private wait(nowMs: number): void {
    if (this.timer !== null) return;
    const nextMs = this.nextLookMs;
    if (nextMs === null || nextMs > nowMs + SOON_MS) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.receive({ type: 'time_passed' }, null);
      },
      Math.max(0, nextMs - nowMs),
    );
  }
}
