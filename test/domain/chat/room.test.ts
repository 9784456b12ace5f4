import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/domain/access.ts';
import type { RoomOutput, SendFacts } from '../../../src/domain/chat/inputs.ts';
import type { JudgeLine } from '../../../src/domain/chat/judging.ts';
import { newRoom, Room } from '../../../src/domain/chat/room.ts';
import type { Speaker } from '../../../src/domain/chat/speaker.ts';
import { DEFAULT_SETTINGS, type RoomSettings } from '../../../src/protocol/chat/settings.ts';
import { MessageId, StreamId, UserId } from '../../../src/protocol/ids.ts';

const NOW = 1_795_521_600_000;
const DAY_MS = 86_400_000;
const streamId = StreamId.parse('st_abcd');
const allowAll: JudgeLine = ({ text }) => ({ action: 'allow', shown: text, reason: null, score: 0, found: [] });

const speaker = (role: Role = 'viewer', over: Partial<Speaker> = {}): Speaker => ({
  id: UserId.parse('us_ben0'),
  handle: 'ben',
  name: 'Ben',
  roles: role === 'viewer' ? ['viewer'] : ['viewer', role],
  followedAtMs: null,
  createdAtMs: NOW - 400 * DAY_MS,
  canSend: true,
  canModerate: true,
  ...over,
});

let ids = 0;
const newId = (): MessageId => {
  ids += 1;
  return MessageId.parse(`ms_test${ids}`);
};

const facts = (over: Partial<SendFacts> = {}): SendFacts => ({
  newId: newId(),
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

const roomWith = (
  settings: Partial<RoomSettings> = {},
  { judge = allowAll, streamState = 'live' as 'live' | 'waiting' | 'ended' } = {},
) =>
  new Room(
    { ...newRoom(streamId, streamState), settings: { ...DEFAULT_SETTINGS, ...settings } },
    { seq: 0, lastSentAtMs: 0, judge },
  );

const say = (
  room: Room,
  who: Speaker,
  { text = 'Hello', nowMs = NOW, known = {} as Partial<SendFacts>, replyTo = undefined as MessageId | undefined } = {},
) => room.receive({ type: 'send', speaker: who, ask: { clientId: 'c', text, replyTo }, facts: facts(known) }, nowMs);

/** In short: the kinds of what comes of it, with the code of a refusal and its wait. */
const inShort = (outputs: readonly RoomOutput[]): string[] =>
  outputs.map((output) => {
    if (output.type === 'toEverybody') return output.event.kind;
    if (output.type === 'refuse')
      return [output.refusal.code, output.refusal.retryAfterSeconds].filter(Boolean).join(' ');
    return output.type;
  });
const SENT = ['message', 'toAsker'];

describe('the modes of a room', () => {
  const minutes = (count: number): number => count * 60_000;
  it.each<[string, Partial<RoomSettings>, Speaker, Parameters<typeof say>[2], string[]]>([
    ['nothing stands in the way', {}, speaker(), {}, SENT],
    ['slow: the first message', { slowSeconds: 30 }, speaker(), {}, SENT],
    ['slow: too soon', { slowSeconds: 30 }, speaker(), { known: { lastSentAtMs: NOW - 10_500 } }, ['slow_mode 20']],
    ['slow: just in time', { slowSeconds: 30 }, speaker(), { known: { lastSentAtMs: NOW - 30_000 } }, SENT],
    ['slow: not for a vip', { slowSeconds: 30 }, speaker('vip'), { known: { lastSentAtMs: NOW } }, SENT],
    ['followers: somebody who does not follow', { followersOnlyMinutes: 0 }, speaker(), {}, ['followers_only']],
    ['followers: any follower', { followersOnlyMinutes: 0 }, speaker('viewer', { followedAtMs: NOW }), {}, SENT],
    [
      'followers: not for long enough',
      { followersOnlyMinutes: 10 },
      speaker('viewer', { followedAtMs: NOW - minutes(9) }),
      {},
      ['followers_only 60'],
    ],
    [
      'followers: for long enough',
      { followersOnlyMinutes: 10 },
      speaker('viewer', { followedAtMs: NOW - minutes(10) }),
      {},
      SENT,
    ],
    ['followers: not for a vip', { followersOnlyMinutes: 10 }, speaker('vip'), {}, SENT],
    ['subscribers: a viewer', { subscribersOnly: true }, speaker(), {}, ['subscribers_only']],
    ['subscribers: a vip', { subscribersOnly: true }, speaker('vip'), {}, SENT],
    ['emote only: words', { emoteOnly: true }, speaker(), { text: '🎉 yes' }, ['emote_only']],
    ['emote only: a digit is no emoji', { emoteOnly: true }, speaker(), { text: '7' }, ['emote_only']],
    ['emote only: emoji of all kinds', { emoteOnly: true }, speaker(), { text: '🎉 👩‍👩‍👧‍👦🇫🇷 👍🏽 7️⃣' }, SENT],
    ['unique: said before', { unique: true }, speaker(), { known: { wasSaidBefore: true } }, ['said_before']],
    ['unique is off', {}, speaker(), { known: { wasSaidBefore: true } }, SENT],
    [
      'account age: too new',
      { minAccountAgeMinutes: 60 },
      speaker('viewer', { createdAtMs: NOW - minutes(30) }),
      {},
      ['account_too_new 1800'],
    ],
    ['account age: old enough', { minAccountAgeMinutes: 60 }, speaker(), {}, SENT],
    [
      'none of them for a moderator of the channel',
      {
        slowSeconds: 30,
        followersOnlyMinutes: 9,
        subscribersOnly: true,
        emoteOnly: true,
        unique: true,
        minAccountAgeMinutes: 9,
      },
      speaker('channel_moderator', { createdAtMs: NOW }),
      { known: { lastSentAtMs: NOW, wasSaidBefore: true } },
      SENT,
    ],
    ['a reader may not speak', {}, speaker('viewer', { canSend: false }), {}, ['forbidden']],
    ['what is answered is gone', {}, speaker(), { replyTo: MessageId.parse('ms_gone') }, ['not_found']],
  ])('%s', (_what, settings, who, attempt, expected) => {
    expect(inShort(say(roomWith(settings), who, attempt))).toEqual(expected);
  });

  it('are changed for everybody in one event, with what changed for the log; no change is no event', () => {
    const room = roomWith();
    const outputs = room.receive({ type: 'change', change: { slowSeconds: 10 } }, NOW);
    expect(outputs).toMatchObject([
      { type: 'remember' },
      {
        type: 'toEverybody',
        event: { kind: 'modes', seq: 1, room: { settings: { slowSeconds: 10 } } },
        trace: { action: 'room.changed', before: { slowSeconds: 0 }, after: { slowSeconds: 10 } },
      },
    ]);
    expect(room.receive({ type: 'change', change: { slowSeconds: 10 } }, NOW)).toEqual([]);
  });
});

describe('before and after the stream', () => {
  it.each<[string, Partial<RoomSettings>, 'waiting' | 'ended', Role, string[]]>([
    ['open before it', {}, 'waiting', 'viewer', SENT],
    ['closed before it', { beforeLive: 'closed' }, 'waiting', 'viewer', ['room_closed']],
    ['closed before it, for a vip', { beforeLive: 'closed' }, 'waiting', 'vip', ['room_closed']],
    ['staff prepare it', { beforeLive: 'closed' }, 'waiting', 'channel_moderator', SENT],
    ['closed after it', {}, 'ended', 'viewer', ['room_closed']],
    ['closed after it, to its owner too', {}, 'ended', 'owner', ['room_closed']],
    ['open after it', { afterLive: 'open' }, 'ended', 'viewer', SENT],
  ])('%s', (_what, settings, streamState, role, expected) => {
    expect(inShort(say(roomWith(settings, { streamState }), speaker(role)))).toEqual(expected);
  });

  it('an end closes the room, and nothing comes after it', () => {
    const room = roomWith();
    expect(inShort(room.receive({ type: 'stream_changed', state: 'ended' }, NOW))).toEqual([
      'remember',
      'modes',
      'closeEverybody',
    ]);
    expect(room.receive({ type: 'stream_changed', state: 'live' }, NOW)).toEqual([]);
  });
});

describe('a judge', () => {
  it.each<[ReturnType<JudgeLine>['action'], string[]]>([
    ['allow', SENT],
    ['mask', SENT],
    ['deny', ['message_denied']],
  ])('who says %s is obeyed, and nobody is exempt', (action, expected) => {
    const judge: JudgeLine = () => ({ action, shown: 'H***o', reason: 'insult', score: 1, found: [] });
    for (const role of ['viewer', 'owner'] as const) {
      const outputs = say(roomWith({}, { judge }), speaker(role));
      expect(inShort(outputs)).toEqual(expected);
      // Moderators alone are told what it was.
      const toOthers = outputs.map((output) => (output.type === 'refuse' ? { ...output, denied: undefined } : output));
      expect(JSON.stringify(toOthers)).not.toContain('Hello');
    }
  });

  it('hears every announcement too', () => {
    const room = roomWith({}, { judge: () => ({ action: 'deny', shown: '', reason: null, score: 1, found: [] }) });
    expect(inShort(room.receive({ type: 'announce', speaker: speaker('owner'), text: 'Hello' }, NOW))).toEqual([
      'message_denied',
    ]);
  });
});

describe('how often', () => {
  it.each<[Role, number]>([
    ['viewer', 5],
    ['vip', 8],
    ['owner', 30],
  ])('a %s may say %d things at once', (role, burst) => {
    const room = roomWith();
    const answers = Array.from({ length: burst + 1 }, () => inShort(say(room, speaker(role)))[0]);
    expect(answers.slice(0, burst)).toEqual(Array(burst).fill('message'));
    expect(answers.at(-1)).toMatch(/^rate_limited \d$/);
    const wait = Number(answers.at(-1)!.split(' ')[1]);
    expect(inShort(say(room, speaker(role), { nowMs: NOW + wait * 1000 }))).toEqual(SENT);
    // Full again before an idle room is put to sleep.
    const later = NOW + wait * 1000 + 10_000;
    expect(Array.from({ length: burst }, () => inShort(say(room, speaker(role), { nowMs: later }))[0])).toEqual(
      Array(burst).fill('message'),
    );
  });

  it('slows down by itself while too much is said, and lets go when it is calm', () => {
    const room = roomWith();
    let nowMs = NOW;
    const everybody = () => {
      for (let index = 0; index < 100; index++) {
        say(room, speaker('viewer', { id: UserId.parse(newId().replace('ms_', 'us_')) }), { nowMs });
      }
    };
    for (let second = 0; second < 6; second++, nowMs += 1000) everybody();
    expect(room.view.automaticSlowSeconds).toBe(5);
    expect(inShort(say(room, speaker(), { nowMs, known: { lastSentAtMs: nowMs - 1000 } }))).toEqual(['slow_mode 4']);
    for (let second = 0; second < 50; second++, nowMs += 1000) room.receive({ type: 'time_passed' }, nowMs);
    expect(room.view.automaticSlowSeconds).toBe(0);
  });
});

describe('a message', () => {
  it('that was taken before is accepted as it was, whatever has changed since', () => {
    const room = roomWith({ slowSeconds: 60 });
    const earlier = { seq: 7, id: newId() };
    expect(say(room, speaker(), { known: { earlier, lastSentAtMs: NOW } })).toEqual([
      { type: 'toAsker', frame: { kind: 'accepted', clientId: 'c', ...earlier } },
    ]);
  });

  it('has a time of its own, in the order of its number', () => {
    const room = roomWith();
    const times = [NOW, NOW, NOW - 5000, NOW + 1].map((nowMs) => {
      const [output] = say(room, speaker('owner'), { nowMs });
      return output?.type === 'toEverybody' && output.event.kind === 'message' ? output.event : null;
    });
    expect(times.map((event) => event?.seq)).toEqual([1, 2, 3, 4]);
    expect(times.map((event) => Date.parse(event!.sentAt))).toEqual([NOW, NOW + 1, NOW + 2, NOW + 3]);
  });

  it.each<[string, Role, Role, boolean, string[]]>([
    ['one’s own', 'viewer', 'viewer', true, ['removed']],
    ['an equal’s', 'viewer', 'viewer', false, ['forbidden']],
    ['a viewer’s, by a vip', 'vip', 'viewer', false, ['forbidden']],
    ['a viewer’s, by a moderator', 'channel_moderator', 'viewer', false, ['removed']],
    ['another moderator’s, by a moderator', 'channel_moderator', 'channel_moderator', false, ['forbidden']],
    ['the owner’s, by a moderator', 'channel_moderator', 'owner', false, ['forbidden']],
    ['a moderator’s, by the owner', 'owner', 'channel_moderator', false, ['removed']],
    ['the owner’s, by a platform moderator', 'moderator', 'owner', false, ['removed']],
    ['an administrator’s, by a platform moderator', 'moderator', 'admin', false, ['forbidden']],
  ])('is removed by rank: %s', (_what, by, of, isOwn, expected) => {
    const who = speaker(by);
    const authorId = isOwn ? who.id : UserId.parse('us_cleo0');
    const target = { authorId, roles: ['viewer' as const, of] };
    expect(inShort(roomWith().receive({ type: 'remove', speaker: who, messageId: newId(), target }, NOW))).toEqual(
      expected,
    );
  });

  it('of others is not removed by a moderator whose app was not given the scope', () => {
    const who = speaker('owner', { canModerate: false });
    const target = { authorId: UserId.parse('us_cleo0'), roles: ['viewer' as const] };
    expect(inShort(roomWith().receive({ type: 'remove', speaker: who, messageId: newId(), target }, NOW))).toEqual([
      'forbidden',
    ]);
  });

  it('that answers another is pinned without it: that may be removed while this stays', () => {
    const room = roomWith();
    const [said] = say(room, speaker());
    if (said?.type !== 'toEverybody' || said.event.kind !== 'message') throw new Error('not said');
    const replyTo = { id: MessageId.parse('ms_other'), author: null, text: 'A slip' };
    const [, pinned] = room.receive({ type: 'pin', message: { ...said.event, replyTo } }, NOW);
    expect(pinned).toMatchObject({ event: { kind: 'pin', message: { id: said.event.id, replyTo: null } } });
    expect(room.view.pinned?.replyTo).toBeNull();
  });

  it('that is pinned and then removed is pinned no more', () => {
    const room = roomWith();
    const [said] = say(room, speaker());
    if (said?.type !== 'toEverybody' || said.event.kind !== 'message') throw new Error('not said');
    expect(inShort(room.receive({ type: 'pin', message: said.event }, NOW))).toEqual(['remember', 'pin']);
    expect(room.view.pinned?.id).toBe(said.event.id);
    const target = { authorId: speaker().id, roles: ['viewer' as const] };
    const outputs = room.receive({ type: 'remove', speaker: speaker(), messageId: said.event.id, target }, NOW);
    expect(inShort(outputs)).toEqual(['removed', 'remember', 'pin']);
    expect(room.view.pinned).toBeNull();
  });
});
