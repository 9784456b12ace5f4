import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/domain/access.ts';
import type { HeldState, RoomOutput, SendFacts } from '../../../src/domain/chat/inputs.ts';
import type { JudgeLine } from '../../../src/domain/chat/judging.ts';
import { newRoom, Room } from '../../../src/domain/chat/room.ts';
import type { Speaker } from '../../../src/domain/chat/speaker.ts';
import { HELD_LINES_MAX, HELD_LINES_OF_ONE_MAX, HOLD_SECONDS } from '../../../src/protocol/chat/held.ts';
import { MessageId, StreamId, UserId } from '../../../src/protocol/ids.ts';

const NOW = 1_795_521_600_000;
const holdAll: JudgeLine = () => ({ action: 'hold', shown: 'H***o', reason: 'threat', score: 0.9, found: [] });
const newRoomThatHolds = () =>
  new Room(newRoom(StreamId.parse('st_abcd'), 'live'), { seq: 7, lastSentAtMs: 0, judge: holdAll });

const speaker = (handle: string, role: Role = 'viewer'): Speaker => ({
  id: UserId.parse(`us_${handle}00`),
  handle,
  name: handle,
  roles: role === 'viewer' ? ['viewer'] : ['viewer', role],
  followedAtMs: null,
  createdAtMs: 1,
  canSend: true,
  canModerate: true,
});
const facts = (over: Partial<SendFacts> = {}): SendFacts => ({
  newId: MessageId.parse('ms_held1'),
  earlier: null,
  replyTo: null,
  lastSentAtMs: null,
  wasSaidBefore: false,
  linesBefore: 0,
  heldEarlier: null,
  waiting: { all: 0, own: 0, shadowed: 0 },
  restraint: null,
  ...over,
});
const send = (room: Room, who: Speaker, over: Partial<SendFacts> = {}): RoomOutput[] =>
  room.receive({ type: 'send', speaker: who, ask: { clientId: 'c', text: 'Hello' }, facts: facts(over) }, NOW);
const kinds = (outputs: RoomOutput[]): string[] =>
  outputs.map((output) => (output.type === 'refuse' ? output.refusal.code : output.type));

const heldIn = (room: Room, who = speaker('ben')): HeldState => {
  const [output] = send(room, who);
  if (output?.type !== 'hold') throw new Error('not held');
  return output.held;
};
const decide = (room: Room, by: Speaker, held: HeldState | null, decision: 'approved' | 'denied' = 'approved') =>
  room.receive({ type: 'decide', speaker: by, held, decision, reason: 'I looked' }, NOW + 1000);

describe('a line that a judge holds', () => {
  it.each(['viewer', 'vip', 'owner'] as const)('is kept and told to its author, a %s, and to nobody else', (role) => {
    const room = newRoomThatHolds();
    const outputs = send(room, speaker('ben', role));
    expect(kinds(outputs)).toEqual(['hold', 'message_held']);
    expect(room.seq).toBe(7);
    expect(outputs[0]).toMatchObject({
      held: { line: { text: 'Hello', shown: 'H***o', reason: 'threat', score: 0.9 }, decision: null },
      trace: { action: 'message.held', reason: 'threat' },
    });
    const { line } = heldIn(newRoomThatHolds());
    expect(Date.parse(line.expiresAt) - Date.parse(line.heldAt)).toBe(HOLD_SECONDS * 1000);
  });

  it('is answered the same when it is sent again, and by what became of it later', () => {
    const room = newRoomThatHolds();
    const held = heldIn(room);
    const again = (decision: HeldState['decision']) =>
      kinds(send(room, speaker('ben'), { heldEarlier: { ...held, decision } }));
    const how = (decision: 'denied' | 'expired') => ({ id: held.line.id, decision, by: null, at: held.line.expiresAt });
    expect(again(null)).toEqual(['message_held']);
    expect(again(how('denied'))).toEqual(['message_denied']);
    // Nobody has looked at it: it may wait once more.
    expect(again(how('expired'))).toEqual(['hold', 'message_held']);
  });

  it('finds no place where too many wait, of everybody or of one person', () => {
    for (const [all, own, isFull] of [
      [HELD_LINES_MAX - 1, 0, false],
      [HELD_LINES_MAX, 0, true],
      [10, HELD_LINES_OF_ONE_MAX - 1, false],
      [10, HELD_LINES_OF_ONE_MAX, true],
    ] as const)
      expect(kinds(send(newRoomThatHolds(), speaker('ben'), { waiting: { all, own, shadowed: 0 } }))).toEqual(
        isFull ? ['message_denied'] : ['hold', 'message_held'],
      );
  });

  it('takes the next place in the order once it is approved, as the judge would show it', () => {
    const room = newRoomThatHolds();
    const held = heldIn(room);
    const [decided, said] = decide(room, speaker('mod', 'channel_moderator'), held);
    expect(decided).toMatchObject({ type: 'decided', decision: { decision: 'approved', by: { handle: 'mod' } } });
    expect(said).toMatchObject({
      event: { kind: 'message', id: held.line.id, seq: 8, text: 'H***o', author: { handle: 'ben' } },
      keys: { clientId: 'c' },
      trace: { action: 'message.approved', reason: 'I looked' },
    });
    expect(JSON.stringify(said)).not.toContain('"text":"Hello"');
  });

  it('is seen by nobody when it is denied or nobody looks in time', () => {
    const room = newRoomThatHolds();
    const held = heldIn(room);
    expect(decide(room, speaker('mod', 'channel_moderator'), held, 'denied')).toMatchObject([
      { type: 'decided', decision: { decision: 'denied' }, refusal: { code: 'message_denied' } },
    ]);
    expect(room.receive({ type: 'hold_expired', held }, NOW + 300_000)).toMatchObject([
      { type: 'decided', decision: { decision: 'expired', by: null }, trace: { action: 'message.expired' } },
    ]);
    expect(room.seq).toBe(7);
  });

  it('is decided once: the second hears who was faster', () => {
    const room = newRoomThatHolds();
    const held = heldIn(room);
    const [first] = decide(room, speaker('mod', 'channel_moderator'), held, 'denied');
    if (first?.type !== 'decided') throw new Error('not decided');
    const second = decide(room, speaker('other', 'owner'), { ...held, decision: first.decision });
    expect(second).toMatchObject([
      { refusal: { code: 'conflict', detail: expect.stringContaining('mod has denied') } },
    ]);
  });

  it('is decided by who may moderate and stands above its author only', () => {
    const room = newRoomThatHolds();
    const mod = speaker('mod', 'channel_moderator');
    expect(kinds(decide(room, speaker('cleo'), heldIn(room)))).toEqual(['forbidden']);
    expect(kinds(decide(room, speaker('cleo', 'vip'), heldIn(room)))).toEqual(['forbidden']);
    expect(kinds(decide(room, { ...mod, canModerate: false }, heldIn(room)))).toEqual(['forbidden']);
    expect(kinds(decide(room, mod, heldIn(room, mod)))).toEqual(['forbidden']);
    expect(kinds(decide(room, mod, heldIn(room, speaker('ada', 'owner'))))).toEqual(['forbidden']);
    expect(kinds(decide(room, mod, null))).toEqual(['not_found']);
  });

  it('never is an announcement: that is refused', () => {
    const input = { type: 'announce', speaker: speaker('ada', 'owner'), text: 'Hello' } as const;
    expect(kinds(newRoomThatHolds().receive(input, NOW))).toEqual(['message_held']);
  });
});
