// The side of a room that guards it: who comes in, its shield, and the second opinion on what the rules doubt.
import type { Guest, SocketAsk } from '../../src/domain/chat/guest.ts';
import { hiddenHere, mayAnswer } from '../../src/domain/chat/hiding.ts';
import type { RoomOutput, SendAsk, SendFacts } from '../../src/domain/chat/inputs.ts';
import { withModelAnswer } from '../../src/domain/chat/moderation/model-slot.ts';
import type { Verdict } from '../../src/domain/chat/moderation/verdict.ts';
import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import type { ReplyTo } from '../../src/protocol/chat/message.ts';
import { MessageId, mintId, type UserId } from '../../src/protocol/ids.ts';
import { STANDARD_RULES } from '../../src/protocol/rules.ts';
import type { JudgeState } from '../../src/protocol/shield-state.ts';
import type { Doer } from './answers.ts';
import { type Welcome, welcomed } from './arrivals.ts';
import { HearingRoom } from './hearing-room.ts';
import { TOO_MANY_WAIT } from './refusals.ts';
import { SecondOpinion } from './second-opinion.ts';
import { ShieldKeeper } from './shield-keeper.ts';
import { Turns } from './turns.ts';

interface Saying {
  speakerId: UserId;
  /** As they are at this moment; null: they have been sent away. */
  speakerNow(): Guest | null;
  ask: SendAsk;
  doer: Doer;
  asker: WebSocket | null;
}

export class GuardedRoom extends HearingRoom {
  protected readonly shield: ShieldKeeper;
  private readonly opinion: SecondOpinion;
  private readonly turns = new Turns<UserId>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { keeper } = this;
    this.shield = new ShieldKeeper(env, { keeper, waitUntil: (work) => ctx.waitUntil(work) });
    keeper.rules.alsoRead = (streamId) => this.shield.read(streamId);
    const judgeChanged = (judge: JudgeState) =>
      keeper.receive({ type: 'guarded', guard: { judge }, trace: null }, null);
    this.opinion = new SecondOpinion(env, judgeChanged);
    keeper.atBirth = () => ({ judge: this.opinion.state, shield: this.shield.ofChannel });
    const others = keeper.alsoDueMs;
    keeper.alsoDueMs = (nowMs) =>
      earliest(others(nowMs), this.shield.nextLookMs, this.nextProbeMs(nowMs), this.hidden.nextExpiryMs());
    // What was known of the model went with the memory of the object, or the model was switched on or off.
    const { judge = this.opinion.state } = keeper.known?.memory ?? {};
    if (judge !== this.opinion.state) judgeChanged(this.opinion.state);
  }

  /** Somebody comes in, or may not. `onWelcome`: at the moment that the hello is of. */
  protected async welcomed(
    ask: SocketAsk,
    nowMs: number,
    onWelcome: (welcome: Welcome) => void = () => undefined,
  ): Promise<Welcome | RoomRefusal> {
    const { place } = ask;
    await this.keeper.rules.ready(place.streamId);
    const hiddenFrom = ({ id, roles }: Guest) => hiddenHere(this.hidden.of(id), roles);
    const room = this.keeper.at(place);
    const tally = () => this.tallyAt(place);
    const welcome = await welcomed(this.keeper, { room, ask, tally, hiddenFrom, onWelcome }, nowMs);
    // Who comes without a ticket says nothing, and comes as a stranger each time a growing room seats people anew.
    if (!('code' in welcome) && !welcome.isBack && welcome.seat.guest) this.shield.joined();
    return welcome;
  }

  /** What came of something that somebody wants to say, once it has its place in the order, or none. */
  protected hear(saying: Saying): RoomOutput[] | Promise<RoomOutput[]> {
    const heard = this.turns.take(saying.speakerId, () => this.judge(saying));
    if (heard) return heard;
    const refused: RoomOutput = { type: 'refuse', refusal: TOO_MANY_WAIT, clientId: saying.ask.clientId };
    return this.keeper.carryOutAll([refused], saying);
  }

  /** The clock. */
  protected async guard(nowMs: number): Promise<void> {
    this.shield.timePassed(nowMs);
    this.hidden.sweep(nowMs);
    if (this.nextProbeMs(nowMs) !== null) await this.opinion.probe(nowMs);
  }

  private judge(saying: Saying): RoomOutput[] | Promise<RoomOutput[]> {
    const { ask, doer, asker } = saying;
    const speaker = saying.speakerNow();
    if (!speaker) return [];
    const newId = MessageId.parse(mintId('ms', crypto.getRandomValues(new Uint8Array(16))));
    const facts = this.factsFor(speaker, ask, newId);
    const outputs = this.keeper.receive({ type: 'send', speaker, ask, facts }, doer, asker);
    const doubt = outputs.find((output) => output.type === 'doubt');
    if (doubt) return this.reconsider(saying, { newId, doubted: doubt.verdict });
    this.shield.heard(outputs);
    return outputs;
  }

  private async reconsider(
    saying: Saying,
    { newId, doubted }: { newId: MessageId; doubted: Verdict },
  ): Promise<RoomOutput[]> {
    const { ask, doer, asker } = saying;
    const verdict = withModelAnswer(doubted, await this.opinion.about(ask.text), this.fallback);
    const speaker = saying.speakerNow();
    if (!speaker) return [];
    const facts = this.factsFor(speaker, ask, newId);
    const outputs = this.keeper.receive({ type: 'opinion', speaker, ask, facts, verdict }, doer, asker);
    this.shield.heard(outputs);
    return outputs;
  }

  private factsFor(speaker: Guest, ask: SendAsk, newId: MessageId): SendFacts {
    const model = this.opinion.facts(this.fallback, Date.now());
    const facts = this.keeper.factsFor(speaker, ask);
    const replyTo = this.mayAnswer(speaker, facts.replyTo) ? facts.replyTo : null;
    return { newId, ...facts, replyTo, ...(model && { model }) };
  }

  /** Where one of the two has blocked the other, what is answered is as good as gone. */
  private mayAnswer({ id, roles }: Guest, replyTo: ReplyTo | null): boolean {
    if (!replyTo?.author || !this.hidden.areParted(id, replyTo.author.id)) return true;
    return mayAnswer(true, roles, this.keeper.log.message(replyTo.id)?.author?.roles ?? []);
  }

  private get fallback() {
    return this.keeper.rules.current.rules?.channel.whenModelIsDown ?? STANDARD_RULES.whenModelIsDown;
  }

  /** Only while somebody is there to see it. */
  private nextProbeMs(nowMs: number): number | null {
    return this.keeper.telling.size > 0 ? this.opinion.tryAtMs(nowMs) : null;
  }
}

const earliest = (...times: (number | null)[]): number | null => {
  const known = times.filter((atMs) => atMs !== null);
  return known.length > 0 ? Math.min(...known) : null;
};
