// Who is let into a node, and how it is emptied.
import { describe, expect, it } from 'vitest';
import { SessionId } from '../../src/protocol/ids.ts';
import { Sessions } from '../../transcoder/sessions.ts';

const [one, two, three] = ['se_one1', 'se_two2', 'se_three3'].map((id) => SessionId.parse(id)) as [
  SessionId,
  SessionId,
  SessionId,
];
const room = (capacityUnits = 1.4) => new Sessions({ capacityUnits, assumedUnits: 0.65, maxSessions: 10 });

describe('the broadcasts of a node', () => {
  it('are let in until the budget is spent, and the next one is told when to come again', () => {
    const sessions = room();
    for (const id of [one, two]) {
      expect(sessions.admission().ok).toBe(true);
      sessions.add(id);
    }
    expect(sessions.usedUnits).toBe(1.3);
    expect(sessions.admission()).toMatchObject({
      ok: false,
      retryAfterSeconds: 10,
      detail: expect.stringMatching(/no room/),
    });
  });

  it('do not all get the last place when they ask at the same time', async () => {
    const sessions = room();
    sessions.add(one);
    let letIn = () => {};
    const asking = sessions.whileHeld(
      () =>
        new Promise<void>((resolve) => {
          letIn = () => {
            sessions.add(two);
            resolve();
          };
        }),
    );
    expect(sessions.admission().ok).toBe(false);
    letIn();
    await asking;
    expect(sessions.usedUnits).toBe(1.3);
    expect(sessions.admission().ok).toBe(false);
    sessions.remove(two);
    await sessions.whileHeld(() => Promise.reject(new Error('a wrong key'))).catch(() => {});
    expect(sessions.admission().ok).toBe(true);
  });

  it('cost what their ladder costs, and may spend what the others leave', () => {
    const sessions = room();
    sessions.add(one);
    sessions.setCost(one, 0.2);
    sessions.add(two);
    expect(sessions.availableFor(two)).toBeCloseTo(1.2);
    sessions.setCost(two, 0.2);
    expect(sessions.admission().ok).toBe(true);
    sessions.remove(one);
    expect([sessions.has(one), sessions.usedUnits]).toEqual([false, 0.2]);
  });

  it('include at least one, however small the machine', () => {
    const sessions = room(0.3);
    expect(sessions.admission().ok).toBe(true);
    sessions.add(one);
    expect(sessions.usedUnits).toBe(0.3);
    expect(sessions.admission().ok).toBe(false);
  });

  it('are let go when the node drains; nobody comes in any more', async () => {
    const sessions = room();
    const told: string[] = [];
    for (const id of [one, two]) {
      sessions.add(id);
      sessions.attach(id, {
        stop: (reason) => {
          told.push(reason);
          setTimeout(() => sessions.remove(id), 5);
        },
      });
    }
    await sessions.drain('bye', 1000);
    expect([told, sessions.ids]).toEqual([['bye', 'bye'], []]);
    expect(sessions.admission()).toMatchObject({ ok: false, detail: expect.stringMatching(/about to stop/) });
  });

  it('do not hold up a drain for longer than it may take', async () => {
    const sessions = room();
    sessions.add(three);
    sessions.attach(three, { stop: () => {} });
    const before = performance.now();
    await sessions.drain('bye', 50);
    expect(performance.now() - before).toBeLessThan(500);
  });
});
