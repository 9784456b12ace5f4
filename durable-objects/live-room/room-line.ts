// The line from a shard to its room, straight or by its hub: what it asks, in the order in which it is asked.
import { hubName } from '../../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { Seat } from './hall.ts';
import type { LoggedFrame } from './log-schema.ts';
import { PULL_MAX } from './shard-desk.ts';
import type { Gone, Holding, ShardAnswers, ShardAsk } from './shard-words.ts';
import { Together } from './together.ts';
import { within } from './within.ts';

type AskOf<Type extends ShardAsk['type']> = Omit<Extract<ShardAsk, { type: Type }>, 'streamId' | 'holding'>;

/** Who is at this end, and by whom it speaks to the room; null: nobody has come yet. */
interface Who {
  streamId: StreamId;
  hub: number | null;
  holding: Holding[];
}

interface Parent {
  hub: number | null;
  stub: { fromShard(ask: ShardAsk): Promise<unknown> };
}

/** What is asked by a new way waits so long for what is under way by the old one. */
const OLD_WAY_LIMIT_MS = 5000;
/** As far as the room itself has come. */
const NEWEST = Number.MAX_SAFE_INTEGER;
/** What could not be asked is asked again about so long after, at the latest: of all here it does no harm to be asked twice. */
const AGAIN_AFTER_MS = [100, 400];
/** What is only read has no order, and waits for nothing. */
const IN_ORDER: ReadonlySet<ShardAsk['type']> = new Set(['said', 'gone', 'tapped']);

export class RoomLine {
  private readonly gone = new Together<Gone>((gone) => this.ask({ type: 'gone', ...addedUp(gone) }));
  private readonly env: Pick<Env, 'LIVE_ROOM' | 'ROOM_HUB'>;
  private readonly who: () => Who | null;
  /** One stub as long as it leads somewhere: what is asked by it comes in the order in which it was asked. */
  private parent: Parent | null = null;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly random: (() => number) | null;
  /** One for all that failed, so that it is asked again in its order. */
  private pause: Promise<void> | null = null;
  /** By another way, or by a stub that led nowhere. */
  private before: Promise<unknown> | null = null;

  /** `random`: of the waits before it asks again; null: it never does, for whoever asks by it does. */
  constructor(env: Pick<Env, 'LIVE_ROOM' | 'ROOM_HUB'>, who: () => Who | null, random: (() => number) | null) {
    this.env = env;
    this.who = who;
    this.random = random;
  }

  /** Visits that ended or were cut while nobody was looking. */
  async tellGone({ cut = [], ended = [] }: { cut?: Seat[]; ended?: Seat[] }): Promise<void> {
    const gone = {
      cut: cut.flatMap(({ sitting }) => sitting ?? []),
      ended: ended.flatMap(({ visitId }) => visitId ?? []),
    };
    if (gone.cut.length + gone.ended.length === 0) return;
    await this.gone.put([gone]).catch((error) => console.error('A shard could not reach its room.', error));
  }

  ask<Type extends ShardAsk['type']>(ask: AskOf<Type> & { type: Type }): Promise<ShardAnswers[Type]> {
    const who = this.who();
    if (!who) throw new Error('A shard that nobody has come to asks its room nothing.');
    const { streamId, holding } = who;
    return this.pass({ ...ask, streamId, holding } as unknown as ShardAsk) as Promise<ShardAnswers[Type]>;
  }

  /** All that is told after a number, at least up to another. */
  async pulled(afterSeq: number, upToSeq = NEWEST): Promise<LoggedFrame[]> {
    const pulled: LoggedFrame[] = [];
    for (;;) {
      const more = await this.ask({ type: 'pull', afterSeq: pulled.at(-1)?.seq ?? afterSeq, upToSeq });
      pulled.push(...more);
      if (more.length < PULL_MAX) return pulled;
    }
  }

  /** As it is, for somebody else. */
  async pass(ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
    // A ticket is good once: who comes in is asked of the room itself, and nobody between can be lost with the answer.
    if (ask.type === 'admit')
      return (await this.parentBy(null, ask.streamId).stub.fromShard(ask)) as ShardAnswers['admit'];
    // Reactions are brought again by the box that they are in.
    const waits = this.random && ask.type !== 'tapped' ? AGAIN_AFTER_MS : [];
    if (this.pause && IN_ORDER.has(ask.type)) await this.pause;
    for (let failures = 0; ; failures++) {
      try {
        return await this.noted(ask);
      } catch (error) {
        const waitMs = waits[failures];
        if (waitMs === undefined) throw error;
        await this.paused(waitMs);
      }
    }
  }

  private async noted(ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
    const asked = this.once(ask);
    if (IN_ORDER.has(ask.type)) this.underWay.add(asked);
    try {
      return await asked;
    } finally {
      this.underWay.delete(asked);
    }
  }

  private async once(ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
    const parent = this.parentNow(ask.streamId);
    if (this.before && IN_ORDER.has(ask.type)) await this.before;
    try {
      return (await parent.stub.fromShard(ask)) as ShardAnswers[ShardAsk['type']];
    } catch (error) {
      if (this.parent === parent) this.parent = null;
      throw error;
    }
  }

  private parentNow(streamId: StreamId): Parent {
    const hub = this.who()?.hub ?? null;
    if (this.parent?.hub === hub) return this.parent;
    if (this.underWay.size > 0) this.waitFor([...this.underWay]);
    this.parent = this.parentBy(hub, streamId);
    return this.parent;
  }

  private parentBy(hub: number | null, streamId: StreamId): Parent {
    const { LIVE_ROOM, ROOM_HUB } = this.env;
    const stub =
      hub === null
        ? LIVE_ROOM.get(LIVE_ROOM.idFromName(streamId))
        : ROOM_HUB.get(ROOM_HUB.idFromName(hubName(streamId, hub)));
    return { hub, stub: stub as unknown as Parent['stub'] };
  }

  private paused(ms: number): Promise<void> {
    const share = (1 + (this.random?.() ?? 1)) / 2;
    this.pause ??= new Promise<void>((resolve) => setTimeout(resolve, ms * share)).then(() => {
      this.pause = null;
    });
    return this.pause;
  }

  private waitFor(asked: readonly Promise<unknown>[]): void {
    const before = within(OLD_WAY_LIMIT_MS, Promise.allSettled(asked))
      .catch(() => undefined)
      .then(() => {
        if (this.before === before) this.before = null;
      });
    this.before = before;
  }
}

/** As one. */
export const addedUp = (all: readonly Gone[]): Gone => ({
  cut: all.flatMap(({ cut }) => cut),
  ended: all.flatMap(({ ended }) => ended),
});
