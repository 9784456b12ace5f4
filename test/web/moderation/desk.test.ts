// What a moderator's page makes of the frames of a room.
import { describe, expect, it } from 'vitest';
import { type HeldDecision, HeldLine, ServerFrame } from '../../../src/protocol/chat.ts';
import {
  type DeskState,
  EMPTY_DESK,
  filterLog,
  LOG_MAX,
  removable,
  takeDecision,
  takeDeskFrame,
  takeQueue,
} from '../../../src/web/moderation/desk.ts';
import { mayRemove } from '../../../src/web/moderation/reach.ts';
import { announced, hello, person, removed, SENT_AT_MS, said, view } from '../chat/frames.ts';

const MO = { id: 'us_mo0000', handle: 'mo', name: 'Mo' };

const line = (id: string, text: string, more: object = {}): HeldLine =>
  HeldLine.parse({
    id,
    streamId: 'st_aaaa',
    author: person('cleo'),
    text,
    shown: text,
    found: [],
    reason: 'link',
    score: 0.8,
    replyTo: null,
    mediaTimeMs: null,
    heldAt: new Date(SENT_AT_MS).toISOString(),
    expiresAt: new Date(SENT_AT_MS + 300_000).toISOString(),
    ...more,
  });
const held = (one: HeldLine): ServerFrame => ({ kind: 'held', line: one });
const decision = (id: string, what: HeldDecision['decision']): HeldDecision =>
  ({ id, decision: what, by: what === 'expired' ? null : MO, at: new Date(SENT_AT_MS).toISOString() }) as HeldDecision;
const act = (more: object): ServerFrame =>
  ServerFrame.parse({
    kind: 'acted',
    by: MO,
    user: null,
    scope: 'channel',
    ban: null,
    messageIds: [],
    at: new Date(SENT_AT_MS).toISOString(),
    ...more,
  });
const take = (state: DeskState, frame: ServerFrame): DeskState => takeDeskFrame(state, frame, SENT_AT_MS);
const after = (...frames: ServerFrame[]): DeskState => frames.reduce(take, EMPTY_DESK);
const idsOf = ({ held: lines }: DeskState) => lines?.map(({ id }) => id);
const logOf = ({ log }: DeskState) =>
  log.map((entry) => {
    if (entry.kind === 'message') return `${entry.gone ?? 'shown'}: ${entry.message.text}`;
    if (entry.kind === 'denied') return `${entry.by.what}: ${entry.line.text}`;
    return entry.kind === 'fact' ? entry.words : entry.kind;
  });

describe('the queue', () => {
  it('has a line from when it is held until it is decided, whoever decides', () => {
    const both = after(hello(), held(line('ms_000001', 'One')), held(line('ms_000002', 'Two')));
    expect(idsOf(both)).toEqual(['ms_000001', 'ms_000002']);
    const one = take(both, { kind: 'decided', ...decision('ms_000001', 'approved') });
    expect(idsOf(one)).toEqual(['ms_000002']);
    expect(take(one, held(line('ms_000002', 'Two')))).toBe(one);
  });

  it('takes the list of a newcomer, without what was decided while it was under way and with what came', () => {
    const [old, decided, fresh] = [
      line('ms_000001', 'Old'),
      line('ms_000002', 'Decided'),
      line('ms_000003', 'Fresh', { heldAt: new Date(SENT_AT_MS + 1000).toISOString() }),
    ];
    const meanwhile = takeDecision(after(hello(), held(fresh)), decision('ms_000002', 'denied'));
    expect(idsOf(takeQueue(meanwhile, [old, decided]))).toEqual(['ms_000001', 'ms_000003']);
    // What ran out during a cut is gone with the next list.
    expect(idsOf(takeQueue(takeQueue(EMPTY_DESK, [old]), [fresh]))).toEqual(['ms_000003']);
  });
});

describe('the log', () => {
  it('keeps what was removed, as removed, and by whom', () => {
    const state = after(
      hello([said(1, 'Fine'), said(2, 'Foul')]),
      removed(3, 'ms_000002') as ServerFrame,
      said(4, 'Later') as ServerFrame,
    );
    expect(logOf(state)).toEqual(['shown: Fine', 'moderator: Foul', 'shown: Later']);
  });

  it('has what nobody saw: who denied it, or that it ran out; once', () => {
    const queue = after(hello(), held(line('ms_000001', 'Foul')), held(line('ms_000002', 'Late')));
    const denied = takeDecision(queue, decision('ms_000001', 'denied'));
    const twice = take(denied, { kind: 'decided', ...decision('ms_000001', 'denied') });
    expect(twice).toBe(denied);
    expect(logOf(takeDecision(twice, decision('ms_000002', 'expired')))).toEqual(['moderator: Foul', 'nobody: Late']);
  });

  it('has what a judge denied, and says so', () => {
    const { id, author, text, reason, score } = line('ms_000001', 'Foul');
    const denied = { id, author, text, reason, score, at: new Date(SENT_AT_MS).toISOString() };
    const state = after(hello(), ServerFrame.parse({ kind: 'denied', line: denied }));
    expect(logOf(state)).toEqual(['judge: Foul']);
    expect(filterLog(state.log, { text: '@cleo', onlyStopped: true })).toHaveLength(1);
  });

  it('says which moderator banned, lifted and removed, each once', () => {
    const { roles: _roles, ...user } = person('cleo');
    const ban = {
      user,
      channelId: 'ch_aaaa',
      effect: 'refuse',
      network: false,
      reason: 'Spam',
      bannedAt: new Date(SENT_AT_MS).toISOString(),
      until: null,
    };
    const banned = act({ act: 'banned', user, ban });
    const state = after(
      hello([said(1, 'Foul')]),
      act({ act: 'removed', messageIds: ['ms_000001'] }),
      removed(2, 'ms_000001') as ServerFrame,
      act({ act: 'removed', messageIds: ['ms_000099'] }),
      banned,
      banned,
      act({ act: 'lifted', user, scope: 'platform' }),
    );
    expect(logOf(state)).toEqual([
      'moderator: Foul',
      'Mo has removed an earlier message.',
      'Mo has banned Cleo for good: Spam.',
      'Mo lets Cleo speak again everywhere.',
    ]);
    expect(state.log[0]).toMatchObject({ gone: 'moderator', goneBy: 'Mo' });
  });

  it('says at an announcement who has removed it, and nowhere else', () => {
    const state = after(
      hello(),
      announced(1, 'At nine', { id: 'ms_000001' }) as ServerFrame,
      act({ act: 'removed', messageIds: ['ms_000001'] }),
      removed(2, 'ms_000001') as ServerFrame,
    );
    expect(state.log).toMatchObject([{ kind: 'announcement', gone: 'moderator', goneBy: 'Mo' }]);
  });

  it('keeps what was cleared, as gone, and what was said since', () => {
    const at = new Date(SENT_AT_MS).toISOString();
    const cleared = ServerFrame.parse({ kind: 'cleared', seq: 3, streamId: 'st_aaaa', upToSeq: 2, at });
    const state = after(hello([said(1, 'One'), said(2, 'Two')]), cleared, said(4, 'Three') as ServerFrame);
    expect(logOf(state)).toEqual(['moderator: One', 'moderator: Two', 'shown: Three']);
  });

  it('says of a message who approved it', () => {
    const state = after(hello(), held(line('ms_000001', 'Held')), {
      kind: 'decided',
      ...decision('ms_000001', 'approved'),
    } as ServerFrame);
    const next = take(state, said(1, 'Held', { id: 'ms_000001' }) as ServerFrame);
    expect(next.log).toMatchObject([{ kind: 'message', approvedBy: 'Mo', gone: null }]);
  });

  it('has each event once, and says where something was missed', () => {
    const back = after(
      hello([said(1, 'One'), said(2, 'Two')]),
      hello([said(1, 'One'), said(2, 'Two'), said(3, 'Three')], { isComplete: true }),
      hello([said(90, 'Much later')]),
    );
    expect(logOf(back)).toEqual(['shown: One', 'shown: Two', 'shown: Three', 'gap', 'shown: Much later']);
  });

  it('says when the stream begins and ends and how the room is set', () => {
    const modes = (seq: number, room: ReturnType<typeof view>): ServerFrame =>
      ({ kind: 'modes', seq, room, at: new Date(SENT_AT_MS).toISOString() }) as ServerFrame;
    const state = after(
      hello([], { room: view({}, { streamState: 'waiting' }) }),
      modes(1, view()),
      modes(2, view({ slowSeconds: 10 })),
      modes(3, view()),
      modes(4, view({}, { streamState: 'ended' })),
    );
    expect(logOf(state)).toEqual([
      'The stream is live.',
      'Modes now: Slow mode: 10 s.',
      'No mode holds any more.',
      'The stream has ended.',
    ]);
  });

  it('says that the shield went up and why, and that the model does not answer', () => {
    const until = new Date(SENT_AT_MS + 900_000).toISOString();
    const modes = (seq: number, more: object): ServerFrame =>
      ({ kind: 'modes', seq, room: view({}, more), at: new Date(SENT_AT_MS).toISOString() }) as ServerFrame;
    const state = after(
      hello(),
      modes(1, { shield: { until, by: 'itself' } }),
      { kind: 'tripped', trip: 'joinsPerMinute', count: 80, limit: 60, until } as ServerFrame,
      modes(2, { judge: 'down' }),
    );
    expect(logOf(state)).toEqual([
      'The shield has gone up by itself.',
      'The shield holds because of a raid: 80 came in within a minute, more than 60.',
      'The shield is down. The model that judges with us does not answer; the rules judge alone.',
    ]);
  });

  it('keeps only so much, the newest', () => {
    const events = Array.from({ length: LOG_MAX + 50 }, (_, index) => said(index + 1, `Line ${index + 1}`));
    const { log } = after(hello(events));
    expect(log).toHaveLength(LOG_MAX);
    expect(log.at(-1)).toMatchObject({ message: { text: `Line ${LOG_MAX + 50}` } });
  });

  it('is filtered by words, by a person, and by what was stopped', () => {
    const { log } = after(
      hello([said(1, 'Good Evening'), said(2, 'Cheap watches', { author: person('spam') })]),
      removed(3, 'ms_000002') as ServerFrame,
    );
    const keysBy = (text: string, onlyStopped = false) => filterLog(log, { text, onlyStopped }).map(({ key }) => key);
    expect(keysBy('evening')).toEqual(['ms_000001']);
    expect(keysBy('@spa')).toEqual(['ms_000002']);
    expect(keysBy('cleo')).toEqual(['ms_000001']);
    expect(keysBy('', true)).toEqual(['ms_000002']);
    expect(keysBy('evening', true)).toEqual([]);
  });
});

describe('what can be removed', () => {
  const ofLog = (state: DeskState) => state.log.map((entry) => removable(entry)?.id ?? null);

  it('is what was said or announced and stands, once', () => {
    const state = after(
      hello(),
      said(1, 'One', { id: 'ms_000001' }) as ServerFrame,
      announced(2, 'Two', { id: 'ms_000002' }) as ServerFrame,
      announced(3, 'From before announcements had ids', { id: undefined }) as ServerFrame,
    );
    expect(ofLog(state)).toEqual(['ms_000001', 'ms_000002', null]);
    expect(ofLog(take(state, removed(4, 'ms_000001', 'ms_000002') as ServerFrame))).toEqual([null, null, null]);
  });

  it('is what those below have said, and what one has said oneself', () => {
    const you = { id: person('mo').id, roles: ['channel_moderator'] } as Parameters<typeof mayRemove>[0];
    expect(mayRemove(you, person('cleo') as never)).toBe(true);
    expect(mayRemove(you, person('ada', ['owner']) as never)).toBe(false);
    expect(mayRemove(you, person('mo', ['channel_moderator']) as never)).toBe(true);
    expect(mayRemove(you, null)).toBe(true);
  });
});
