// The line from a shard to its room: what it asks, and who has gone, told together.

import type { StreamId } from '../../src/protocol/ids.ts';
import type { LiveRoom } from '../live-room.ts';
import type { Seat } from './hall.ts';
import type { ShardAnswers, ShardAsk } from './shard-words.ts';

type AskOf<Type extends ShardAsk['type']> = Omit<Extract<ShardAsk, { type: Type }>, 'streamId' | 'index' | 'sockets'>;

export class RoomLine {
  /** Visits that ended or were cut while nobody was looking. */
  private gone = { cut: [] as string[], ended: [] as string[] };
  private isTelling = false;
  private room: DurableObjectStub<LiveRoom> | null = null;
  private readonly env: Pick<Env, 'LIVE_ROOM'>;
  /** Which shard this is, and how many it holds; null: nobody has come yet. */
  private readonly who: () => { streamId: StreamId; index: number; sockets: number } | null;

  constructor(env: Pick<Env, 'LIVE_ROOM'>, who: () => { streamId: StreamId; index: number; sockets: number } | null) {
    this.env = env;
    this.who = who;
  }

  /** While one telling is under way the next gathers: a crowd that leaves is a few words to the room. */
  async tellGone({ cut = [], ended = [] }: { cut?: Seat[]; ended?: Seat[] }): Promise<void> {
    this.gone.cut.push(...cut.flatMap(({ sitting }) => sitting ?? []));
    this.gone.ended.push(...ended.flatMap(({ visitId }) => visitId ?? []));
    if (this.isTelling || this.gone.cut.length + this.gone.ended.length === 0) return;
    this.isTelling = true;
    try {
      do {
        const { gone } = this;
        this.gone = { cut: [], ended: [] };
        await this.ask({ type: 'gone', ...gone });
      } while (this.gone.cut.length + this.gone.ended.length > 0);
    } catch (error) {
      console.error('A shard could not reach its room.', error);
    } finally {
      this.isTelling = false;
    }
  }

  async ask<Type extends ShardAsk['type']>(ask: AskOf<Type> & { type: Type }): Promise<ShardAnswers[Type]> {
    const who = this.who();
    if (!who) throw new Error('A shard that nobody has come to asks its room nothing.');
    const { streamId, index, sockets } = who;
    // One stub as long as it leads somewhere: what is asked by it comes in the order in which it was asked.
    this.room ??= this.env.LIVE_ROOM.get(this.env.LIVE_ROOM.idFromName(streamId));
    const { room } = this;
    const whole = { ...ask, streamId, index, sockets } as unknown as ShardAsk;
    try {
      return (await room.fromShard(whole)) as ShardAnswers[Type];
    } catch (error) {
      if (this.room === room) this.room = null;
      throw error;
    }
  }
}
