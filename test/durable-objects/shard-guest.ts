// Guests of a room that grows and shrinks: when they are moved or cut they come back by their token, as a client does.
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Caller } from '../../src/domain/chat/guest.ts';
import { hubName, type ShardPlan, shardName } from '../../src/domain/chat/shard-plan.ts';
import { readCloseReason } from '../../src/protocol/chat/closing.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { comeIn, type Opened, openRoom, person, type RoomClient } from './room-guest.ts';

export const FROM = 5;
const SMALL = { from: FROM, perShard: 4, perHub: 20 };

/** A room whose sockets go to shards from the fifth on, four to a shard. */
export async function openSmallRoom(sizes = SMALL): Promise<Opened> {
  const opened = await openRoom();
  await makeSmall(opened, sizes);
  return opened;
}

/** After a loss of memory it has the usual settings again. */
export const makeSmall = (opened: Opened, { from, perShard, perHub } = SMALL): Promise<void> =>
  runInDurableObject(opened.room, (room) => {
    const sizes = { ROOM_SHARD_FROM: `${from}`, ROOM_SHARD_SOCKETS: `${perShard}`, ROOM_HUB_SHARDS: `${perHub}` };
    Object.assign((room as unknown as { env: Env }).env, sizes);
  });

export const shardAt = (opened: Opened, index: number) =>
  env.ROOM_SHARD.get(env.ROOM_SHARD.idFromName(shardName(opened.streamId, index)));

export const hubAt = (opened: Opened, index: number) =>
  env.ROOM_HUB.get(env.ROOM_HUB.idFromName(hubName(opened.streamId, index)));

/** With all that it had not passed on. */
export const loseHub = (opened: Opened, index: number): Promise<unknown> =>
  runInDurableObject(hubAt(opened, index), (_hub, ctx) => ctx.abort('lost')).catch(() => undefined);

/** What the room goes by at this moment. */
export const levelOf = (opened: Opened): Promise<'room' | 'shards' | 'shards by hubs'> =>
  runInDurableObject(opened.room, (room) => {
    const { plan, reach } = (room as unknown as Inside).keeper.telling.shards;
    if (reach.isByHubs) return 'shards by hubs';
    return plan.isSharded ? 'shards' : 'room';
  });

interface Inside {
  keeper: { telling: { shards: { plan: ShardPlan; reach: { isByHubs: boolean } } } };
}

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

export const say = (clientId: string, text: string) => ({ kind: 'send', clientId, text });
const lines = ['Good evening', 'What a view', 'Rain again', 'The second half begins', 'Somebody dance'];

export async function crowd(opened: Opened, people: number): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (let nth = 0; nth < people; nth++) visitors.push(await new Visitor(opened, await person()).comeIn());
  return visitors;
}

/** Each says a line on their socket; everybody hears it, once, under one number. */
export async function allHearEachOther(visitors: Visitor[], speakers: Visitor[], tag: string): Promise<void> {
  for (const [nth, speaker] of speakers.entries()) {
    await speaker.keepUp();
    const text = `${lines[nth % lines.length]} ${tag}${nth}`;
    speaker.client.send(say(`${tag}${nth}`, text));
    await Promise.all(visitors.map((visitor) => visitor.hears(text)));
  }
  for (const { seqs } of visitors) {
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(seqs).toEqual(visitors[0]!.seqs.filter((seq) => seq >= seqs[0]!));
  }
}

/** As it is when nobody is on the way any more. */
export async function settled(
  opened: Opened,
  visitors: Visitor[],
  isSo: (counts: number[]) => boolean,
  shards = 4,
): Promise<number[]> {
  for (let round = 0; ; round++) {
    await opened.room.say(opened.place, opened.owner, { clientId: `round${round}`, text: `Round number ${round}` });
    await Promise.all(visitors.map((visitor) => visitor.hears(`Round number ${round}`)));
    const counts = await whoSitsWhere(opened, shards);
    if (isSo(counts) || round > 20) return counts;
  }
}
