import { describe, expect, it } from 'vitest';
import { replayPageFor } from '../../../src/domain/chat/own-page.ts';
import type { Message } from '../../../src/protocol/chat/message.ts';
import type { MessageId, StreamId } from '../../../src/protocol/ids.ts';

const at = (id: string, sentAtMs: number, mediaTimeMs: number | null = null): Message => ({
  id: id as MessageId,
  streamId: 'st_abcd' as StreamId,
  author: null,
  text: id,
  sentAt: new Date(sentAtMs).toISOString(),
  seq: null,
  mediaTimeMs,
  replyTo: null,
  mentions: [],
});
const idsOf = ({ messages }: { messages: Message[] }) => messages.map(({ id }) => id);
const whole = { fromMs: 0, toMs: 10_000, after: undefined, limit: 10 };

describe('a page of a replay, for whom alone some of it is shown', () => {
  it('has their lines at their moments, and none from outside the part that was asked for', () => {
    const page = { messages: [at('a', 1000), at('c', 5000, 3000)], next: null };
    const own = [at('late', 20_000, 12_000), at('d', 9000, 4000), at('b', 2000)];
    expect(idsOf(replayPageFor(page, own, whole))).toEqual(['a', 'b', 'c', 'd']);
    expect(idsOf(replayPageFor(page, own, { ...whole, toMs: 4000 }))).toEqual(['a', 'b', 'c']);
  });

  it('has what all see of it by now once, where it has always been for them', () => {
    const page = { messages: [at('a', 1000), at('b', 8000)], next: null };
    const own = [at('b', 2000)];
    expect(idsOf(replayPageFor(page, own, whole))).toEqual(['a', 'b']);
    expect(replayPageFor(page, own, { ...whole, fromMs: 5000 }).messages).not.toContainEqual(at('b', 8000));
  });

  it('leads on without leaving out or repeating anything', () => {
    const all = [1, 2, 4, 5].map((number) => at(`x${number}`, number * 1000));
    const own = [at('x6', 6000), at('x3', 3000)];
    const seen: string[] = [];
    let after: { atMs: number; id: MessageId } | undefined;
    for (let pages = 0; pages < 9; pages += 1) {
      const rest = all.filter(({ sentAt }) => !after || Date.parse(sentAt) > after.atMs);
      const last = rest[1];
      const next = rest.length > 2 && last ? { atMs: Date.parse(last.sentAt), id: last.id } : null;
      const page = replayPageFor({ messages: rest.slice(0, 2), next }, own, { ...whole, after, limit: 2 });
      seen.push(...idsOf(page));
      if (!page.next) break;
      after = page.next;
    }
    expect(seen).toEqual(['x1', 'x2', 'x3', 'x4', 'x5', 'x6']);
  });
});
