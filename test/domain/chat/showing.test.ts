import { describe, expect, it } from 'vitest';
import { chosen, shownAtMost } from '../../../src/domain/chat/showing.ts';
import type { RoomEvent } from '../../../src/protocol/chat/events.ts';
import type { RoomRole } from '../../../src/protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../../../src/protocol/ids.ts';

type Said = Extract<RoomEvent, { kind: 'message' }>;

const said = (seq: number, author: string, over: Partial<Said> & { roles?: RoomRole[] } = {}): Said => ({
  kind: 'message',
  seq,
  // As random as ids are, and the same in every run.
  id: `ms_${((seq * 2_654_435_761) % 4_294_967_296).toString(36)}` as MessageId,
  streamId: 'st_x' as StreamId,
  author: { id: `us_${author}` as UserId, handle: author, name: author, roles: over.roles ?? [] },
  text: `${seq}`,
  sentAt: '2026-11-24T21:00:00.000Z',
  mediaTimeMs: null,
  replyTo: null,
  mentions: [],
  ...over,
});
const crowd = (from: number, count: number): Said[] =>
  Array.from({ length: count }, (_, nth) => said(from + nth, `viewer${nth}`));
const reader = (handle: string) => ({ id: `us_${handle}`, handle });

describe('When more is said than anybody can read', () => {
  it('everybody is shown what staff and vips say, and all that is no message', () => {
    const vip = said(500, 'vera', { roles: ['vip'] });
    const staff = Array.from({ length: 15 }, (_, nth) => said(600 + nth, 'mo', { roles: ['channel_moderator'] }));
    const pin: RoomEvent = { kind: 'pin', seq: 700, message: null, at: '2026-11-24T21:00:00.000Z' };
    const { toAll } = chosen([...crowd(1, 200), vip, ...staff, pin], 20);
    for (const { seq } of [vip, ...staff, pin]) expect(toAll.has(seq)).toBe(true);
    expect(toAll.size).toBe(21);
    // More of staff than fits is shown all the same.
    expect(chosen([...crowd(1, 200), ...staff], 5).toAll.size).toBe(15);
  });

  it('the author always sees their own, and everybody what names or answers them', () => {
    const ben = { id: 'us_ben' as UserId, handle: 'ben', name: 'Ben' };
    const names = said(301, 'x', { mentions: ['ben'] });
    const answers = said(302, 'y', { replyTo: { id: 'ms_z' as MessageId, author: ben, text: '' } });
    const { toAll, alsoTo } = chosen([...crowd(1, 200), said(300, 'ben'), names, answers], 0);
    expect(toAll.size).toBe(0);
    expect(alsoTo(reader('ben'))).toEqual([300, 302, 301]);
    expect(alsoTo(reader('viewer7'))).toEqual([8]);
    expect(alsoTo(reader('nobody'))).toBeNull();
  });

  it('the rest is a fair sample: nobody is shown twice before everybody was once, and the place in the line helps nobody', () => {
    const loud = Array.from({ length: 100 }, (_, nth) => said(1000 + nth, 'loud'));
    const { toAll } = chosen([...loud, ...crowd(1, 30)], 31);
    expect(loud.filter(({ seq }) => toAll.has(seq))).toHaveLength(1);
    const half = chosen(crowd(1, 1000), 500).toAll;
    const early = crowd(1, 500).filter(({ seq }) => half.has(seq)).length;
    expect(early).toBeGreaterThan(200);
    expect(early).toBeLessThan(300);
  });

  it('every shard chooses the same', () => {
    const events = crowd(1, 300);
    expect([...chosen(events, 50).toAll].sort()).toEqual([...chosen([...events], 50).toAll].sort());
  });

  it('a frame shows what may still be shown, and none fewer than twenty', () => {
    expect([shownAtMost(0), shownAtMost(19.5), shownAtMost(50.7), shownAtMost(500)]).toEqual([20, 20, 50, 500]);
  });
});
