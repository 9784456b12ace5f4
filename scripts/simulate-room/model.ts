// A discrete-event model of a big room: messages queue at the room, and run in rounds over hubs and shards to the sockets.
import { frameIntervalMs } from '../../src/domain/chat/audience.ts';
import { NO_SHARDS, planFor } from '../../src/domain/chat/shard-plan.ts';
import { EventQueue } from './event-queue.ts';

/** What a step takes; measured by `npm run bench:room`, or assumed where its name says so. */
export interface Costs {
  /** Of the room, for one message: parse, judge, store. */
  messageMs: number;
  /** Of whoever holds a socket, for one frame to it. */
  socketFrameMs: number;
  /** Of the sender, for one delivery to another object. */
  deliveryMs: number;
  /** From object to object; a middle value, and what one in a hundred stays below. 0: they share a process. */
  assumedHopMs: { p50: number; p99: number };
}

export interface Shape {
  sockets: number;
  messagesPerSecond: number;
  perShard: number;
  /** Below, the room holds the sockets itself. */
  shardsFrom: number;
  /** Beyond so many shards there are hubs between. */
  childrenMax: number;
  seconds: number;
  /** All objects in one process: one thread does what is theirs. */
  isOneThread?: boolean;
}

export interface Outcome {
  objects: { rooms: number; hubs: number; shards: number };
  /** Of the busiest object of each level: how much of its one thread is used. */
  busy: { room: number; hub: number; shard: number };
  perSecond: { frames: number; deliveriesOfRoom: number; deliveriesOfHub: number; socketFramesOfShard: number };
  /** From the send to the last step before the network of the viewer. */
  latencyMs: { p50: number; p99: number; max: number };
  samples: number;
}

/** An object: one thread, which does one thing after the other. */
class Thread {
  freeAtMs = 0;
  workedMs = 0;

  /** When it is done. */
  work(fromMs: number, forMs: number): number {
    this.freeAtMs = Math.max(this.freeAtMs, fromMs) + forMs;
    this.workedMs += forMs;
    return this.freeAtMs;
  }
}

export const levelsOf = ({ sockets, perShard, shardsFrom, childrenMax }: Shape): Outcome['objects'] => {
  const plan = planFor(sockets, NO_SHARDS, { from: shardsFrom, perShard, perHub: childrenMax });
  const shards = plan.isSharded ? Math.ceil(sockets / perShard) : 0;
  return { rooms: 1, hubs: plan.isHubbed ? Math.ceil(shards / childrenMax) : 0, shards };
};

export function simulate(shape: Shape, costs: Costs, random: () => number): Outcome {
  const objects = levelsOf(shape);
  const intervalMs = frameIntervalMs(shape.sockets);
  const room = new Thread();
  const another = () => (shape.isOneThread ? room : new Thread());
  const hubs = Array.from({ length: objects.hubs }, another);
  const shards = Array.from({ length: objects.shards }, another);
  /** Of each line of the room, to a hub or to a shard: what it has not been told. */
  const lines = Array.from({ length: objects.hubs || objects.shards }, (): number[] => []);
  const queue = new EventQueue();
  const latencies: number[] = [];
  const endMs = shape.seconds * 1000;
  let gathered: number[] = [];
  let isWaiting = false;
  let nextLine = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let frames = 0;
  let deliveries = 0;

  /** Some sockets of it, for the latency; all of them, for the work. */
  const fanOut = (thread: Thread, sockets: number, sentAtMs: readonly number[], nowMs: number): void => {
    const doneMs = thread.work(nowMs, sockets * costs.socketFrameMs);
    const beganMs = doneMs - sockets * costs.socketFrameMs;
    const samples = objects.shards > 50 ? 3 : 40;
    for (const sent of sentAtMs)
      for (let nth = 0; nth < samples; nth++) latencies.push(beganMs + random() * sockets * costs.socketFrameMs - sent);
  };
  const hop = (): number => hopMs(costs.assumedHopMs, random);
  const deliver = (from: Thread, nowMs: number, then: (atMs: number) => void): void => {
    deliveries += 1;
    const leftMs = from.work(nowMs, costs.deliveryMs);
    queue.at(leftMs + hop(), then);
  };
  const toShards = (from: Thread, first: number, count: number, sentAtMs: readonly number[], nowMs: number): void => {
    for (let nth = first; nth < Math.min(first + count, shards.length); nth++) {
      const size = Math.min(shape.perShard, shape.sockets - nth * shape.perShard);
      deliver(from, nowMs, (atMs) => fanOut(shards[nth]!, size, sentAtMs, atMs));
    }
  };
  /** A timer fires when its object is free. */
  const later = (atMs: number, what: (nowMs: number) => void): void => {
    isWaiting = true;
    queue.at(atMs, (dueMs) =>
      queue.at(Math.max(dueMs, room.freeAtMs), (nowMs) => {
        isWaiting = false;
        what(nowMs);
      }),
    );
  };
  const flush = (nowMs: number): void => {
    const sentAtMs = gathered;
    gathered = [];
    frames += 1;
    fanOut(room, shape.sockets, sentAtMs, nowMs);
  };
  const tell = (line: number, sentAtMs: readonly number[], nowMs: number): void => {
    frames += 1 / lines.length;
    const hub = hubs[line];
    if (hub) deliver(room, nowMs, (atMs) => toShards(hub, line * shape.childrenMax, shape.childrenMax, sentAtMs, atMs));
    else toShards(room, line, 1, sentAtMs, nowMs);
  };
  const tellNext = (nowMs: number): void => {
    const line = nextLine % lines.length;
    const sentAtMs = lines[line]!.splice(0);
    nextLine += 1;
    toldAtMs = nowMs;
    if (sentAtMs.length > 0) tell(line, sentAtMs, nowMs);
    goRound(nowMs);
  };
  const goRound = (nowMs: number): void => {
    if (!isWaiting && lines.some(({ length }) => length > 0))
      later(Math.max(nowMs, toldAtMs + intervalMs / lines.length), tellNext);
  };
  const taken = (sentMs: number, atMs: number): void => {
    const doneMs = room.work(atMs, costs.messageMs);
    for (const line of lines) line.push(sentMs);
    if (lines.length === 0) gathered.push(sentMs);
    if (lines.length > 0) goRound(doneMs);
    else if (intervalMs === 0) flush(doneMs);
    else if (!isWaiting) later(doneMs + intervalMs, flush);
  };
  const say = (nowMs: number): void => {
    // Who sits in a shard is heard by way of it, and of its hub.
    const upMs = (shards.length > 0 ? hop() : 0) + (hubs.length > 0 ? hop() : 0);
    queue.at(nowMs + upMs, (atMs) => taken(nowMs, atMs));
    const nextMs = nowMs - Math.log(1 - random()) * (1000 / shape.messagesPerSecond);
    if (nextMs < endMs) queue.at(nextMs, say);
  };
  queue.at(0, say);
  queue.run();

  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const busiest = (threads: readonly Thread[]): number =>
    Math.max(0, ...threads.map(({ workedMs }) => workedMs / endMs));
  const framesPerSecond = frames / shape.seconds;
  const children = objects.hubs || objects.shards;
  return {
    objects,
    busy: { room: busiest([room]), hub: busiest(hubs), shard: busiest(shards) },
    perSecond: {
      frames: framesPerSecond,
      deliveriesOfRoom: framesPerSecond * children,
      deliveriesOfHub: objects.hubs > 0 ? (deliveries / shape.seconds - framesPerSecond * children) / objects.hubs : 0,
      socketFramesOfShard: framesPerSecond * Math.min(shape.perShard, shape.sockets),
    },
    latencyMs: { p50: at(0.5), p99: at(0.99), max: latencies.at(-1) ?? 0 },
    samples: latencies.length,
  };
}

/** Log-normal through both values, as round trips are. */
function hopMs({ p50, p99 }: Costs['assumedHopMs'], random: () => number): number {
  if (p50 === 0) return 0;
  const sigma = Math.log(p99 / p50) / 2.326;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return p50 * Math.exp(sigma * normal);
}
