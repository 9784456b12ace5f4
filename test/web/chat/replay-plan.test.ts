// What of the past a page fetches: enough, once, and never all at once.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/protocol/chat/message.ts';
import { type Ask, ReplayPlan } from '../../../src/web/chat/replay-plan.ts';
import { SENT_AT_MS, said } from './frames.ts';

const NOW_MS = SENT_AT_MS + 3_600_000;
const second = (count: number) => SENT_AT_MS + count * 1000;
const message = (seq: number, atMs: number): Message =>
  said(seq, `line ${seq}`, { mediaTimeMs: atMs, sentAt: new Date(atMs).toISOString() });
/** One a second, for ten minutes. */
const ALL = Array.from({ length: 600 }, (_, seq) => message(seq + 1, second(seq)));

/** The API with pages of so many. */
const answered = (plan: ReplayPlan, ask: Ask, pageSize = 100, all = ALL) => {
  const from = Number(ask.cursor ?? 0);
  const found = all.filter(({ mediaTimeMs }) => mediaTimeMs! >= ask.fromMs && mediaTimeMs! < ask.toMs);
  const page = found.slice(from, from + pageSize);
  const nextCursor = from + pageSize < found.length ? String(from + pageSize) : null;
  plan.take(ask, { messages: page, nextCursor });
};
const playOn = (plan: ReplayPlan, from: number, to: number): Ask[] => {
  const asks: Ask[] = [];
  for (let at = from; at <= to; at += 0.2) {
    const ask = plan.next(second(at), NOW_MS);
    if (!ask) continue;
    asks.push(ask);
    answered(plan, ask);
    const seen = new Set(plan.fetched.map(({ id }) => id));
    const isDue = ({ mediaTimeMs }: Message) => mediaTimeMs! > second(at) - 15_000 && mediaTimeMs! <= second(at);
    for (const due of ALL.filter(isDue)) expect(seen.has(due.id), `${due.text} at ${at}`).toBe(true);
  }
  return asks;
};

describe('the plan of what to fetch', () => {
  it('fetches around the picture, and then the next piece before it is played, each once', () => {
    const plan = new ReplayPlan();
    const asks = playOn(plan, 100, 220);
    expect(asks.length).toBeLessThanOrEqual(7);
    const onwards = asks.filter(({ fromMs }) => fromMs >= second(80)).sort((a, b) => a.fromMs - b.fromMs);
    for (const [index, ask] of onwards.slice(1).entries()) expect(ask.fromMs).toBe(onwards[index]?.toMs);
    expect(new Set(plan.fetched.map(({ id }) => id)).size).toBe(plan.fetched.length);
  });

  it('begins anew where somebody goes to, and looks further back in a quiet room', () => {
    const plan = new ReplayPlan();
    playOn(plan, 100, 110);
    const [first, earlier] = playOn(plan, 500, 510);
    expect(first).toMatchObject({ fromMs: second(480) });
    expect(earlier).toMatchObject({ fromMs: second(180), toMs: second(480) });
    expect(playOn(plan, 510, 512)).toEqual([]);
  });

  it('asks one thing at a time, page after page, and again after a while where it failed', () => {
    const plan = new ReplayPlan();
    const first = plan.next(second(100), NOW_MS)!;
    expect(plan.next(second(100), NOW_MS)).toBeNull();
    answered(plan, first, 20);
    const rest = plan.next(second(100.2), NOW_MS)!;
    expect(rest).toEqual({ ...first, cursor: '20' });
    plan.fail(rest, NOW_MS);
    expect(plan.next(second(100.4), NOW_MS + 1_000)).toBeNull();
    const again = plan.next(second(104), NOW_MS + 4_000)!;
    expect(again).toEqual(rest);
    answered(plan, again, 100);
    expect(plan.fetched).toHaveLength(50);
  });

  it('does not ask for what has not been said yet', () => {
    const plan = new ReplayPlan();
    expect(plan.next(second(100), second(120))).toEqual({ fromMs: second(80), toMs: second(120), cursor: null });
  });

  it('keeps no more than a panel can use', () => {
    const plan = new ReplayPlan();
    const ask = plan.next(second(100), NOW_MS)!;
    const messages = Array.from({ length: 3_000 }, (_, seq) => message(seq + 1, second(100) + seq));
    plan.take(ask, { messages, nextCursor: null });
    expect(plan.fetched).toHaveLength(1_000);
  });

  describe('in a busy room', () => {
    /** So many a second, for seven minutes; a look at the plan each 200 ms, and every answer has come by the next. */
    const busy = (perSecond: number) => {
      const one = message(1, second(0));
      const all = Array.from({ length: 420 * perSecond }, (_, seq): Message => {
        const atMs = Math.round(second(seq / perSecond));
        return { ...one, id: `ms_${seq}` as Message['id'], mediaTimeMs: atMs, sentAt: new Date(atMs).toISOString() };
      });
      const plan = new ReplayPlan();
      const counts = { asks: 0 };
      const play = (from: number, to: number, warmUpSeconds: number) => {
        for (let tick = 0; tick <= (to - from) * 5; tick += 1) {
          const at = from + tick / 5;
          const atMs = Math.round(second(at));
          const ask = plan.next(atMs, NOW_MS);
          if (ask) {
            counts.asks += 1;
            answered(plan, ask, 100, all);
          }
          expect(plan.fetched.length).toBeLessThanOrEqual(1_000);
          if (at < from + warmUpSeconds || tick % 5 > 0) continue;
          const shown = plan.fetched.filter(({ mediaTimeMs }) => mediaTimeMs! <= atMs).slice(-300);
          const newest = Math.round(at * perSecond);
          const due = all.slice(newest - 299, newest + 1);
          expect(shown.map(({ id }) => id).join(), `at ${at}`).toBe(due.map(({ id }) => id).join());
        }
      };
      return { plan, play, counts };
    };

    it('has all that a panel shows, second by second, and asks for nothing twice', () => {
      const { play, counts } = busy(50);
      play(30, 90, 3);
      // From 20 s before the picture to some seconds after it, in pages of a hundred.
      expect(counts.asks).toBeLessThanOrEqual((80 + 12) / 2 + 5);
    });

    it('has it also where somebody goes back two minutes after five', () => {
      const { play } = busy(20);
      play(30, 330, 3);
      play(210, 240, 3);
      play(232, 250, 3);
    });

    it('begins anew a moment behind which hardly anything is left', () => {
      const { plan, play } = busy(50);
      play(30, 90, 3);
      const oldestMs = plan.fetched[0]?.mediaTimeMs ?? 0;
      expect(plan.next(oldestMs + 200, NOW_MS)).toMatchObject({ fromMs: oldestMs + 200 - 20_000, cursor: null });
    });
  });
});
