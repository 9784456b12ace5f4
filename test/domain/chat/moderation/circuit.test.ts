import { describe, expect, it } from 'vitest';
import { Circuit, FAILURES_MAX, PAUSE_MS } from '../../../../src/domain/chat/moderation/circuit.ts';

const fail = (circuit: Circuit, nowMs: number, times = FAILURES_MAX) => {
  for (let index = 0; index < times; index++) circuit.failed(nowMs);
};

describe('a model that does not answer', () => {
  it('is left alone after some failures in a row, and only in a row', () => {
    const circuit = new Circuit();
    fail(circuit, 0, FAILURES_MAX - 1);
    circuit.answered();
    fail(circuit, 0, FAILURES_MAX - 1);
    expect([circuit.isDown, circuit.mayAsk(0)]).toEqual([false, true]);
    circuit.failed(0);
    expect([circuit.isDown, circuit.mayAsk(1)]).toEqual([true, false]);
  });

  it('is tried by one after each pause, and is back once it answers', () => {
    const circuit = new Circuit();
    fail(circuit, 0);
    expect(circuit.tryAtMs).toBe(PAUSE_MS);
    expect(Array.from({ length: 5 }, () => circuit.mayAsk(PAUSE_MS))).toEqual([true, false, false, false, false]);
    circuit.failed(PAUSE_MS + 1500);
    expect([circuit.mayAsk(PAUSE_MS + 2000), circuit.mayAsk(2 * PAUSE_MS)]).toEqual([false, true]);
    circuit.answered();
    expect([circuit.isDown, circuit.tryAtMs, circuit.mayAsk(2 * PAUSE_MS)]).toEqual([false, null, true]);
  });
});
