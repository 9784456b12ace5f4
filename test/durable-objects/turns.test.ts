import { describe, expect, it } from 'vitest';
import { Turns } from '../../durable-objects/live-room/turns.ts';

describe('the lines of one author', () => {
  it('come one after the other while one is waited for, and at once otherwise', async () => {
    const turns = new Turns<string>();
    const order: string[] = [];
    const opinion = Promise.withResolvers<string>();
    const first = turns.take('ben', () => opinion.promise);
    const second = turns.take('ben', () => order.push('second'));
    expect(turns.take('cleo', () => order.push('cleo'))).toBe(1);
    opinion.resolve('first');
    expect(await first).toBe('first');
    await second;
    expect(order).toEqual(['cleo', 'second']);
    expect(turns.take('ben', () => 'at once')).toBe('at once');
  });

  it('are refused beyond a number, and a failure holds up nobody', async () => {
    const turns = new Turns<string>();
    const opinion = Promise.withResolvers<string>();
    const failing = turns.take('ben', () => opinion.promise);
    const others = Array.from({ length: 5 }, () => turns.take('ben', () => 'said'));
    expect(turns.take('ben', () => 'too many')).toBeNull();
    opinion.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    expect(await Promise.all(others)).toEqual(Array.from({ length: 5 }, () => 'said'));
    await Promise.resolve();
    expect(turns.take('ben', () => 'at once')).toBe('at once');
  });
});
