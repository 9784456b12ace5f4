// The side of a room that counts: what routes ask of reactions, upvotes, polls and viewers.
import { DurableObject } from 'cloudflare:workers';
import type { Caller, RoomPlace } from '../../src/domain/chat/guest.ts';
import { ENOUGH_LINES } from '../../src/domain/chat/judging.ts';
import { refusedByJudge } from '../../src/domain/chat/room-refusals.ts';
import { lineToJudge } from '../../src/domain/chat/saying.ts';
import type { ClientFrame } from '../../src/protocol/chat/client-frames.ts';
import type { CreatePoll, Poll } from '../../src/protocol/chat/polls.ts';
import type { Tally, TallyView } from '../../src/protocol/chat/tally.ts';
import { mintId, PollId, type UserId } from '../../src/protocol/ids.ts';
import type { Refusal } from '../../src/protocol/origin.ts';
import type { Beat } from '../../src/protocol/watching.ts';
import { mayTap } from './hearing.ts';
import { RoomKeeper } from './keeper.ts';
import { PulseKeeper } from './pulse-keeper.ts';
import type { Parcel, Taps } from './shard-words.ts';
import { TapBook } from './tap-book.ts';

type PollAnswer = { ok: true; poll: Poll | null } | Refusal;

export class CountingRoom extends DurableObject<Env> {
  protected readonly keeper: RoomKeeper;
  protected readonly pulse: PulseKeeper;
  private readonly parcels = new TapBook();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.keeper = new RoomKeeper(ctx, env);
    this.pulse = new PulseKeeper(ctx.storage.sql, env, this.keeper);
    this.keeper.alsoDueMs = () => this.pulse.nextLookMs;
    const room = this.keeper.known;
    if (room) this.pulse.at(room.memory.streamId, room.memory.streamState === 'ended');
  }

  async tally(place: RoomPlace, userId: UserId | null): Promise<Omit<TallyView, 'isUpvoted' | 'mayAsk'>> {
    const tally = this.tallyAt(place);
    const option = userId && tally.poll?.state === 'open' ? this.pulse.ballots.of(userId) : null;
    return { ...tally, vote: option === null ? null : { pollId: tally.poll!.id, option } };
  }

  async viewers(place: RoomPlace): Promise<number> {
    return this.tallyAt(place).viewers;
  }

  /** Pages that play, and pages that have gone. */
  async watching(place: RoomPlace, beats: Beat[]): Promise<void> {
    this.counting(place).receive({ type: 'beats', beats }, null);
    this.keeper.schedule(Date.now());
  }

  /** Somebody has given an upvote, or taken it back. */
  async upvotesChanged(place: RoomPlace): Promise<Tally> {
    await this.counting(place).countUpvotes();
    this.keeper.schedule(Date.now());
    return this.pulse.tally;
  }

  /** Every word of it is judged before anybody sees it. */
  async openPoll(place: RoomPlace, caller: Caller, { seconds, mediaTimeMs, ...ask }: CreatePoll): Promise<PollAnswer> {
    this.counting(place);
    await this.keeper.rules.ready(place.streamId);
    const nowMs = Date.now();
    const silenced = this.keeper.silenceOf(caller, nowMs);
    if (silenced) return { ok: false, ...silenced };
    const [question, ...options] = [ask.question, ...ask.options].map((text) =>
      this.keeper.judge(lineToJudge(caller, { text, linesBefore: ENOUGH_LINES }, nowMs), nowMs),
    );
    const refusal = [question, ...options].map((verdict) => verdict && refusedByJudge(verdict)).find(Boolean);
    if (refusal) return { ok: false, ...refusal };
    const poll = {
      id: PollId.parse(mintId('pl', crypto.getRandomValues(new Uint8Array(16)))),
      question: question!.shown,
      options: options.map(({ shown }) => shown),
      mediaTimeMs: mediaTimeMs ?? null,
    };
    return this.counted(this.pulse.receive({ type: 'open_poll', poll, seconds }, caller));
  }

  async endPoll(place: RoomPlace, caller: Caller, pollId: PollId): Promise<PollAnswer> {
    return this.counted(this.counting(place).receive({ type: 'end_poll', pollId }, caller));
  }

  async cancelPoll(place: RoomPlace, caller: Caller, pollId: PollId): Promise<PollAnswer> {
    return this.counted(this.counting(place).receive({ type: 'cancel_poll', pollId }, caller));
  }

  async vote(place: RoomPlace, caller: Caller, ask: { pollId: PollId; option: number }): Promise<PollAnswer> {
    const pulse = this.counting(place);
    const banned = this.keeper.banOf(caller, Date.now());
    return banned ? { ok: false, ...banned } : this.counted(pulse.vote({ userId: caller.id, ...ask }, caller));
  }

  protected react(socket: WebSocket, { counts, mediaTimeMs }: Extract<ClientFrame, { kind: 'react' }>): void {
    if (mayTap(this.keeper.hall, { socket, counts }, Date.now())) this.count({ counts, mediaTimeMs });
  }

  /** In shards. */
  protected tapped(parcels: readonly Parcel[]): void {
    for (const parcel of this.parcels.fresh(parcels)) this.count(parcel);
  }

  private count({ counts, mediaTimeMs }: Taps): void {
    this.pulse.receive({ type: 'react', counts, mediaTimeMs }, null);
  }

  protected tallyAt(place: RoomPlace): Tally {
    return this.counting(place).tally;
  }

  private counting(place: RoomPlace): PulseKeeper {
    const { streamId, streamState } = this.keeper.at(place).memory;
    return this.pulse.at(streamId, streamState === 'ended');
  }

  private counted(refusal: ReturnType<PulseKeeper['receive']>): PollAnswer {
    this.keeper.schedule(Date.now());
    return refusal ? { ok: false, ...refusal } : { ok: true, poll: this.pulse.tally.poll };
  }
}
