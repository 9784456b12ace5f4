// What the shards of a room ask it: who may come in, what was missed, and what is to become of what somebody said.
import type { Guest, SocketAsk } from '../../src/domain/chat/guest.ts';
import type { RoomOutput } from '../../src/domain/chat/inputs.ts';
import type { RoomRefusal } from '../../src/domain/chat/refusal.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import { refusedFrame } from './answers.ts';
import { missedSince, resumedFrame, type Welcome } from './arrivals.ts';
import { nobodyFrame } from './hearing.ts';
import type { RoomKeeper } from './keeper.ts';
import type { Parcel, Said, ShardAnswers, ShardAsk } from './shard-words.ts';

/** Of one pull; who wants more pulls again. */
export const PULL_MAX = 5000;

/** What the object of the room does beside its keeper. */
export interface Desk {
  keeper: RoomKeeper;
  welcomed(ask: SocketAsk, nowMs: number): Promise<Welcome | RoomRefusal>;
  tapped(parcels: readonly Parcel[]): void;
  /** Null: it is nobody's, or there is no room. */
  said(guestNow: () => Guest | null, frame: Said): Promise<RoomOutput[] | null>;
}

type Ask<Type extends ShardAsk['type']> = Extract<ShardAsk, { type: Type }>;

export async function answerShard(desk: Desk, ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
  const { book, log, telling } = desk.keeper;
  const nowMs = Date.now();
  telling.shards.holds(ask.holding);
  switch (ask.type) {
    case 'admit':
      return admit(desk, ask, nowMs);
    case 'pull':
      return log.told.after(ask.afterSeq, PULL_MAX);
    case 'said':
      return said(desk, ask);
    case 'tapped':
      desk.tapped(ask.parcels);
      return null;
    case 'again':
      return { frame: resumedFrame(missedSince(log, ask, nowMs)), seq: log.seq };
    case 'gone':
      for (const sitting of ask.cut) book.cut(sitting, nowMs);
      for (const visitId of ask.ended) book.end(visitId);
      return null;
    default:
      return ask satisfies never;
  }
}

async function admit(desk: Desk, { ask }: Ask<'admit'>, nowMs: number): Promise<ShardAnswers['admit']> {
  const { keeper } = desk;
  const { place } = ask;
  const room = keeper.at(place);
  const welcome = await desk.welcomed(ask, nowMs);
  if ('code' in welcome) return { ok: false, ...welcome };
  keeper.schedule(nowMs);
  const { orderNumber: order, audience } = keeper.telling.shards;
  // Numbered after the hello: what is ordered from now on is meant for them too.
  return { ok: true, ...welcome, isOver: room.isOver, order, audience };
}

/** The shard may not know yet that a visit has ended, or that its guest follows the channel now; the room does. */
async function said(desk: Desk, { visitId, frame }: Ask<'said'>): Promise<ServerFrame[] | null> {
  const visitNow = () => desk.keeper.book.find(visitId, Date.now());
  if (!visitNow()) return null;
  const outputs = await desk.said(() => visitNow()?.guest ?? null, frame);
  if (!outputs) return [nobodyFrame(frame)];
  return outputs.flatMap((output): ServerFrame[] => {
    if (output.type === 'toAsker') return [output.frame];
    return output.type === 'refuse' ? [refusedFrame(output)] : [];
  });
}
