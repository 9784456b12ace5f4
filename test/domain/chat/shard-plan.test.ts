import { describe, expect, it } from 'vitest';
import { movesFrom, NO_SHARDS, planFor, type ShardPlan, shardFor } from '../../../src/domain/chat/shard-plan.ts';

const sizes = { from: 10, perShard: 5, perHub: 4 };
const plan = (over: Partial<ShardPlan>): ShardPlan => ({ ...NO_SHARDS, opened: 9, ...over });

describe('The levels of a room', () => {
  it('come one after the other as it grows, and go at half their size, so that one who comes and goes moves nobody', () => {
    const levelAt = (sockets: number, from: ShardPlan) => {
      const { isSharded, isHubbed } = planFor(sockets, from, sizes);
      return isHubbed ? 'hubs' : isSharded ? 'shards' : 'room';
    };
    const small = NO_SHARDS;
    const big = plan({ isSharded: true });
    const huge = plan({ isSharded: true, isHubbed: true });
    expect([9, 10, 20, 21].map((sockets) => levelAt(sockets, small))).toEqual(['room', 'shards', 'shards', 'hubs']);
    expect([5, 6, 20, 21].map((sockets) => levelAt(sockets, big))).toEqual(['room', 'shards', 'shards', 'hubs']);
    expect([5, 10, 11, 40].map((sockets) => levelAt(sockets, huge))).toEqual(['room', 'shards', 'hubs', 'hubs']);
  });

  it('say where a newcomer sits: in the emptiest shard that is used, else in a new one', () => {
    expect(shardFor([5, 3, 4], plan({}), sizes)).toBe(1);
    expect(shardFor([5, 5], plan({}), sizes)).toBe(2);
    // Nobody is sent where only hubs reach before there are hubs; and while it is emptied, nobody is either.
    expect(shardFor([5, 5, 5, 2, 0, 0], plan({}), sizes)).toBe(3);
    expect(shardFor([5, 5, 5, 5, 1, 0], plan({ isHubbed: true }), sizes)).toBe(5);
    expect(shardFor([5, 5, 5, 5], plan({}), sizes)).toBe(4);
  });
});

describe('Who is asked to move', () => {
  const asked = (sockets: number[], over: Partial<ShardPlan>) => movesFrom(sockets, plan(over), { sizes, atMost: 7 });

  it('is so many at once of all shards together, not of each', () => {
    const moves = asked([5, 0, 5, 5, 5], { isSharded: false });
    expect(moves).toEqual([
      { shard: 0, count: 5 },
      { shard: 2, count: 2 },
    ]);
  });

  it('is whoever sits where only hubs reach, once the shards before are enough', () => {
    expect(asked([1, 1, 1, 1, 3, 9], { isSharded: true })).toEqual([
      { shard: 4, count: 3 },
      { shard: 5, count: 4 },
    ]);
  });

  it('is nobody while everybody sits where they belong', () => {
    expect(asked([5, 5, 0, 2], { isSharded: true })).toEqual([]);
    expect(asked([5, 5, 5, 5, 3], { isSharded: true, isHubbed: true })).toEqual([]);
    expect(movesFrom([5, 5], plan({}), { sizes, atMost: 0 })).toEqual([]);
  });
});
