// Guests of a room that grows and shrinks: when they are moved or cut they come back by their token, as a client does.
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Caller } from '../../src/domain/chat/guest.ts';
import { shardName } from '../../src/domain/chat/shard-plan.ts';
import { readCloseReason } from '../../src/protocol/chat/closing.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { comeIn, type Opened, openRoom, type RoomClient } from './room-guest.ts';

export const FROM = 5;
const SMALL = { from: FROM, perShard: 4 };

/** A room whose sockets go to shards from the fifth on, four to a shard. */
export async function openSmallRoom(sizes = SMALL): Promise<Opened> {
  const opened = await openRoom();
  await makeSmall(opened, sizes);
  return opened;
}

/** After a loss of memory it has the usual settings again. */
export const makeSmall = (opened: Opened, { from, perShard } = SMALL): Promise<void> =>
  runInDurableObject(opened.room, (room) => {
    const sizes = { ROOM_SHARD_FROM: `${from}`, ROOM_SHARD_SOCKETS: `${perShard}` };
    Object.assign((room as unknown as { env: Env }).env, sizes);
  });

export const shardAt = (opened: Opened, index: number) =>
  env.ROOM_SHARD.get(env.ROOM_SHARD.idFromName(shardName(opened.streamId, index)));

const open = (sockets: WebSocket[]): number => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;

/** How many sockets sit in the room itself, and in each of its shards. */
export async function whoSitsWhere(opened: Opened, shards: number): Promise<number[]> {
  const counts = [await runInDurableObject(opened.room, (_room, ctx) => open(ctx.getWebSockets()))];
  for (let index = 0; index < shards; index++)
    counts.push(await runInDurableObject(shardAt(opened, index), (_shard, ctx) => open(ctx.getWebSockets())));
  return counts;
}

export class Visitor {
  client!: RoomClient;
  /** Over all their sockets. */
  readonly told: RoomEvent[] = [];
  /** Times that they came back, and were told that all is there. */
  returns = 0;
  readonly who: Caller;
  private readonly opened: Opened;
  private harvested = 0;
  private resumeToken: string | null = null;

  constructor(opened: Opened, who: Caller) {
    this.opened = opened;
    this.who = who;
  }

  async comeIn(): Promise<this> {
    const after = this.told.at(-1)?.seq ?? 0;
    this.client = await comeIn(this.opened, this.resumeToken ? { resume: this.resumeToken, after } : this.who);
    this.harvested = 0;
    const hello = await this.client.hears('hello');
    if (this.resumeToken && !hello.isComplete) throw new Error('something is missing');
    if (this.resumeToken) this.returns += 1;
    this.resumeToken = hello.resumeToken;
    return this;
  }

  /** Takes over what was heard; comes back where that is wanted. */
  async keepUp(): Promise<void> {
    const { events, closed } = this.client;
    this.told.push(...events.slice(this.harvested));
    this.harvested = events.length;
    if (!closed) return;
    const closing = readCloseReason(closed.reason)?.closing;
    if (closing === undefined || closing === 'moved') await this.comeIn();
  }

  async hears(text: string): Promise<void> {
    const untilMs = Date.now() + 8000;
    for (;;) {
      await this.keepUp();
      if (this.texts.includes(text)) return;
      if (Date.now() > untilMs)
        throw new Error(`never: ${text}; told ${this.texts}; ${JSON.stringify(this.client.closed)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  get texts(): string[] {
    return this.told.flatMap((event) => (event.kind === 'message' ? [event.text] : []));
  }

  get seqs(): number[] {
    return this.told.map(({ seq }) => seq);
  }
}
