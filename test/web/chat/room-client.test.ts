// The client of a room as a machine: its clock, its socket and its luck are the test's.
import { describe, expect, it } from 'vitest';
import { closeReason } from '../../../src/protocol/chat/closing.ts';
import { PING } from '../../../src/protocol/chat/socket.ts';
import { ClientFrame, type RoomEvent, ServerFrame } from '../../../src/protocol/chat.ts';
import type { MessageId } from '../../../src/protocol/ids.ts';
import type { ClientInput, ClientOutput } from '../../../src/web/chat/client-words.ts';
import { RoomClient } from '../../../src/web/chat/room-client.ts';
import { LINES_MAX, PENDING_MAX } from '../../../src/web/chat/state.ts';
import { takeEvents } from '../../../src/web/chat/take-events.ts';
import { hello, person, removed, said, tallied, view } from './frames.ts';

class Desk {
  client = new RoomClient();
  nowMs = 1_000_000;
  random = 0.5;

  put(input: ClientInput): ClientOutput[] {
    return this.client.receive(input, this.nowMs, this.random);
  }
  hear(frame: ServerFrame): ClientOutput[] {
    return this.put({ kind: 'frame', frame });
  }
  /** Until the machine wants to be woken, and then wakes it. */
  sleep(): ClientOutput[] {
    this.nowMs = this.client.alarmAtMs ?? this.nowMs;
    return this.put({ kind: 'alarm' });
  }
  say(text: string, clientId = `c-${text.replace(/\W/g, '')}`): ClientOutput[] {
    return this.put({ kind: 'say', saying: { clientId, text, replyTo: null, mediaTimeMs: 1234 } });
  }
  get texts(): string[] {
    return this.client.state.lines.map((line) => (line.kind === 'message' ? line.message.text : line.kind));
  }
  get pending(): string[] {
    return this.client.state.pending.filter(({ state }) => state === 'sending').map(({ text }) => text);
  }
}

/** Ben has come in by a ticket and been greeted. */
function comeIn(backlog: RoomEvent[] = []): Desk {
  const desk = new Desk();
  desk.put({ kind: 'start', isSignedIn: true });
  desk.put({ kind: 'ticket', ticket: 't1' });
  desk.hear(hello(backlog));
  return desk;
}

const sentFrames = (outputs: ClientOutput[]): ClientFrame[] =>
  outputs.flatMap((output) => (output.kind === 'sendText' ? ClientFrame.parse(JSON.parse(output.text)) : []));
const accepted = (clientId: string, seq: number) =>
  ServerFrame.parse({ kind: 'accepted', clientId, seq, id: `ms_${String(seq).padStart(6, '0')}` });
const refused = (clientId: string | null, code: string, retryAfterSeconds?: number, appealAt?: string) =>
  ServerFrame.parse({ kind: 'refused', clientId, code, detail: 'No.', retryAfterSeconds, appealAt });

describe('coming in', () => {
  it('asks for a ticket, and connects with it', () => {
    const desk = new Desk();
    expect(desk.put({ kind: 'start', isSignedIn: true })).toEqual([{ kind: 'askTicket' }]);
    expect(desk.put({ kind: 'ticket', ticket: 't1' })).toEqual([
      { kind: 'openSocket', query: { v: '1', ticket: 't1' } },
    ]);
    desk.hear(hello([said(3, 'hi')]));
    expect(desk.client.state.link.kind).toBe('open');
    expect(desk.texts).toEqual(['hi']);
  });

  it('reads without a ticket when nobody is signed in', () => {
    const desk = new Desk();
    expect(desk.put({ kind: 'start', isSignedIn: false })).toEqual([{ kind: 'openSocket', query: { v: '1' } }]);
  });

  it('comes as somebody once it is known who sits here', () => {
    const desk = new Desk();
    desk.put({ kind: 'start', isSignedIn: false });
    desk.hear(hello([said(3, 'hi')], { you: null, resumeToken: null }));
    expect(desk.put({ kind: 'start', isSignedIn: true })).toEqual([{ kind: 'closeSocket' }, { kind: 'askTicket' }]);
  });

  it('stays outside where it is not let in', () => {
    const desk = new Desk();
    desk.put({ kind: 'start', isSignedIn: true });
    desk.put({ kind: 'noTicket', status: 404, retryAfterSeconds: null });
    expect(desk.client.state.link).toEqual({ kind: 'over', reason: 'shut' });
    expect(desk.client.alarmAtMs).toBeNull();
  });

  it('asks who it is when the ticket is refused to a stranger, and goes on as nobody', () => {
    const desk = new Desk();
    desk.put({ kind: 'start', isSignedIn: true });
    desk.put({ kind: 'noTicket', status: 401, retryAfterSeconds: null });
    expect(desk.sleep()).toEqual([{ kind: 'askSession' }]);
    expect(desk.put({ kind: 'start', isSignedIn: false })).toEqual([{ kind: 'openSocket', query: { v: '1' } }]);
  });

  it('waits as long as a full room asks it to', () => {
    const desk = new Desk();
    desk.put({ kind: 'start', isSignedIn: true });
    desk.put({ kind: 'noTicket', status: 503, retryAfterSeconds: 20 });
    expect(desk.client.alarmAtMs).toBe(desk.nowMs + 30_000);
  });
});

describe('what is said', () => {
  it('stands in one order, each once, whatever comes twice', () => {
    const desk = comeIn([said(1, 'one'), said(2, 'two')]);
    desk.hear(said(2, 'two'));
    desk.hear(ServerFrame.parse({ kind: 'batch', events: [said(2, 'two'), said(4, 'four'), said(5, 'five')] }));
    desk.hear(said(4, 'four'));
    expect(desk.texts).toEqual(['one', 'two', 'four', 'five']);
    expect(desk.client.state.seq).toBe(5);
  });

  it('is kept up to a bound', () => {
    const desk = comeIn();
    for (let seq = 1; seq <= LINES_MAX + 50; seq += 1) desk.hear(said(seq, `line ${seq}`));
    expect(desk.texts).toHaveLength(LINES_MAX);
    expect(desk.texts[0]).toBe('line 51');
  });

  it('is gone when the room is cleared, and what is said later is there', () => {
    const desk = comeIn([said(1, 'one'), said(2, 'two')]);
    const at = new Date(0).toISOString();
    desk.hear(ServerFrame.parse({ kind: 'cleared', seq: 3, streamId: 'st_aaaa', upToSeq: 2, at }));
    desk.hear(said(4, 'three') as ServerFrame);
    expect(desk.texts).toEqual(['three']);
  });

  it('is gone when it is removed, as a line, as a quote and as what is pinned', () => {
    const first = said(1, 'one');
    const quoting = said(2, 'two', { replyTo: { id: first.id, author: person('cleo'), text: 'one' } });
    const desk = comeIn([first, quoting]);
    const at = new Date(0).toISOString();
    const { kind, ...message } = first;
    expect(kind).toBe('message');
    desk.hear(ServerFrame.parse({ kind: 'pin', seq: 3, message, at }));
    expect(desk.client.state.pinned?.text).toBe('one');
    desk.hear(removed(4, first.id) as ServerFrame);
    expect(desk.texts).toEqual(['two']);
    const [line] = desk.client.state.lines;
    expect(line?.kind === 'message' && line.message.replyTo).toBeNull();
    expect(desk.client.state.pinned).toBeNull();
  });

  it('of a kind that this page does not know does no harm, and counts', () => {
    const desk = comeIn([said(1, 'one')]);
    const unknown = { kind: 'fireworks', seq: 2 } as unknown as ServerFrame & RoomEvent;
    desk.hear(unknown);
    desk.client.state = takeEvents(desk.client.state, [unknown]);
    expect(desk.texts).toEqual(['one']);
    expect(desk.client.state.seq).toBe(2);
  });

  it('changes how the room is set', () => {
    const desk = comeIn();
    const { pinned: _, ...room } = view({ slowSeconds: 10 });
    desk.hear(ServerFrame.parse({ kind: 'modes', seq: 1, room, at: new Date(0).toISOString() }));
    expect(desk.client.state.room?.settings.slowSeconds).toBe(10);
  });
});

describe('saying something', () => {
  it('shows it as pending until the room has taken it', () => {
    const desk = comeIn();
    const [frame] = sentFrames(desk.say('hello'));
    expect(frame).toMatchObject({ kind: 'send', clientId: 'c-hello', text: 'hello', mediaTimeMs: 1234 });
    expect(desk.pending).toEqual(['hello']);
    desk.hear(said(1, 'hello', { author: person('ben') }));
    // It is there, and not twice.
    expect(desk.pending).toEqual([]);
    expect(desk.texts).toEqual(['hello']);
    desk.hear(accepted('c-hello', 1));
    expect(desk.client.state.pending).toEqual([]);
  });

  it('tells why it was refused, gives the text back and counts the wait', () => {
    const desk = comeIn();
    desk.say('hello');
    desk.hear(refused('c-hello', 'slow_mode', 8));
    expect(desk.client.state.pending).toEqual([]);
    expect(desk.client.state.refusal).toMatchObject({
      code: 'slow_mode',
      text: 'hello',
      untilMs: desk.nowMs + 8_000,
    });
    desk.say('again');
    expect(desk.client.state.refusal).toBeNull();
  });

  it('says where a ban is appealed, and of nothing else that it is', () => {
    const desk = comeIn();
    desk.say('hello');
    desk.hear(refused('c-hello', 'banned', 60, '/api/v1/channels/ch_aaaa/appeals'));
    expect(desk.client.state.refusal).toMatchObject({ code: 'banned', appealAt: '/api/v1/channels/ch_aaaa/appeals' });
    desk.say('again');
    desk.hear(refused('c-again', 'slow_mode', 8));
    expect(desk.client.state.refusal).toMatchObject({ code: 'slow_mode', appealAt: null });
  });

  it('sends what had no answer again after a cut, under the same name', () => {
    const desk = comeIn();
    desk.say('first');
    desk.hear(accepted('c-first', 1));
    desk.say('second');
    desk.put({ kind: 'closed', reason: '' });
    expect(desk.say('third')).toEqual([]);
    desk.sleep();
    const again = sentFrames(desk.hear(hello([], { isComplete: true, seq: 1 })));
    expect(again.map((frame) => frame.kind === 'send' && frame.clientId)).toEqual(['c-second', 'c-third']);
  });

  it('goes by REST where a frame would be too long', () => {
    const desk = comeIn();
    const family = '👨‍👩‍👧‍👦'.repeat(300);
    expect(desk.say(family, 'c-long').map(({ kind }) => kind)).toEqual(['post']);
  });

  it('does not pile up without an end', () => {
    const desk = comeIn();
    desk.put({ kind: 'closed', reason: '' });
    for (let count = 0; count < PENDING_MAX + 1; count += 1) desk.say(`line ${count}`);
    expect(desk.pending).toHaveLength(PENDING_MAX);
    expect(desk.client.state.refusal?.text).toBe(`line ${PENDING_MAX}`);
  });
});

describe('after a cut', () => {
  it('resumes with the last number that was seen, and has everything once in order', () => {
    const desk = comeIn([said(1, 'one'), said(2, 'two')]);
    desk.put({ kind: 'closed', reason: '' });
    expect(desk.client.state.link.kind).toBe('away');
    expect(desk.sleep()).toEqual([{ kind: 'openSocket', query: { v: '1', resume: 'token-1', after: '2' } }]);
    desk.hear(hello([said(2, 'two'), said(3, 'three'), said(4, 'four')], { isComplete: true, resumeToken: 'token-2' }));
    expect(desk.texts).toEqual(['one', 'two', 'three', 'four']);
    desk.put({ kind: 'closed', reason: '' });
    expect(desk.sleep()).toMatchObject([{ query: { resume: 'token-2', after: '4' } }]);
  });

  it('goes on as the same visit where the room has moved it', () => {
    const desk = comeIn([said(1, 'one'), said(2, 'two')]);
    desk.put({ kind: 'closed', reason: 'moved 250-1250' });
    expect(desk.sleep()).toEqual([{ kind: 'openSocket', query: { v: '1', resume: 'token-1', after: '2' } }]);
  });

  it('takes a ticket where the token opens nothing, and still asks for what it missed', () => {
    const desk = comeIn([said(7, 'seven')]);
    desk.put({ kind: 'closed', reason: '' });
    desk.sleep();
    desk.put({ kind: 'closed', reason: '' });
    expect(desk.sleep()).toEqual([{ kind: 'askTicket' }]);
    expect(desk.put({ kind: 'ticket', ticket: 't2' })).toMatchObject([{ query: { ticket: 't2', after: '7' } }]);
  });

  it('takes a ticket when the visit is too old to be resumed', () => {
    const desk = comeIn([said(7, 'seven')]);
    desk.put({ kind: 'closed', reason: '' });
    desk.nowMs += 300_000;
    expect(desk.put({ kind: 'alarm' })).toEqual([{ kind: 'askTicket' }]);
  });

  it('begins anew, and says so, where the room cannot tell what was missed', () => {
    const desk = comeIn([said(1, 'one'), said(2, 'two')]);
    desk.put({ kind: 'closed', reason: '' });
    desk.sleep();
    desk.hear(hello([said(90, 'ninety')], { isComplete: false }));
    expect(desk.texts).toEqual(['gap', 'ninety']);
  });

  it('comes back at a random moment of the window that the room names', () => {
    for (const random of [0, 0.5, 1]) {
      const desk = comeIn();
      desk.random = random;
      desk.put({ kind: 'closed', reason: closeReason('roles_changed', { fromMs: 250, toMs: 1250 }) });
      expect(desk.client.alarmAtMs).toBe(desk.nowMs + 250 + random * 1000);
      // The visit is over with it: no token.
      expect(desk.sleep()).toEqual([{ kind: 'askTicket' }]);
    }
  });

  it('asks who it is when it was signed out', () => {
    const desk = comeIn();
    desk.put({ kind: 'closed', reason: closeReason('signed_out', { fromMs: 0, toMs: 1000 }) });
    expect(desk.sleep()).toEqual([{ kind: 'askSession' }]);
  });

  it('waits longer each time, jittered, and never longer than half a minute', () => {
    const desk = comeIn();
    const waits: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      desk.put({ kind: 'closed', reason: '' });
      waits.push((desk.client.alarmAtMs ?? 0) - desk.nowMs);
      desk.sleep();
      if (desk.put({ kind: 'ticket', ticket: 't' }).length === 0) expect(count).toBe(0);
    }
    expect(waits).toEqual([750, 1500, 3000, 6000, 12_000, 22_500, 22_500, 22_500]);
  });

  it('forgets the failures once a connection has held', () => {
    const desk = comeIn();
    for (let count = 0; count < 3; count += 1) {
      desk.put({ kind: 'closed', reason: '' });
      desk.sleep();
      desk.hear(hello([], { isComplete: true }));
    }
    desk.nowMs += 11_000;
    desk.put({ kind: 'closed', reason: '' });
    expect((desk.client.alarmAtMs ?? 0) - desk.nowMs).toBe(750);
  });

  it.each(['room_closed', 'replaced', 'misbehaved', 'wrong_version'] as const)('%s is the end', (closing) => {
    const desk = comeIn();
    desk.put({ kind: 'closed', reason: closeReason(closing, null) });
    expect(desk.client.state.link).toEqual({ kind: 'over', reason: closing });
    expect(desk.client.alarmAtMs).toBeNull();
    expect(desk.put({ kind: 'network', isOnline: true })).toEqual([]);
  });
});

describe('a silent socket', () => {
  it('is asked whether it lives, and lives on when it answers', () => {
    const desk = comeIn();
    expect(desk.sleep()).toEqual([{ kind: 'sendText', text: PING }]);
    desk.put({ kind: 'heard' });
    expect(desk.sleep()).toEqual([{ kind: 'sendText', text: PING }]);
    expect(desk.client.state.link.kind).toBe('open');
  });

  it('is given up when it does not, and the room is resumed', () => {
    const desk = comeIn([said(3, 'three')]);
    desk.sleep();
    expect(desk.sleep()).toEqual([{ kind: 'closeSocket' }]);
    expect(desk.sleep()).toMatchObject([{ kind: 'openSocket', query: { resume: 'token-1', after: '3' } }]);
  });

  it('is asked at once when the browser has lost its line, and what waits comes back when there is one', () => {
    const desk = comeIn([said(3, 'three')]);
    expect(desk.put({ kind: 'network', isOnline: false })).toEqual([{ kind: 'sendText', text: PING }]);
    const lostMs = desk.nowMs;
    desk.sleep();
    expect(desk.nowMs - lostMs).toBe(3_000);
    desk.put({ kind: 'closed', reason: '' });
    desk.put({ kind: 'network', isOnline: true });
    expect((desk.client.alarmAtMs ?? 0) - desk.nowMs).toBe(500);
  });

  it('that never says hello is given up as well', () => {
    const desk = new Desk();
    desk.put({ kind: 'start', isSignedIn: false });
    expect(desk.sleep()).toEqual([{ kind: 'closeSocket' }]);
    expect(desk.client.state.link.kind).toBe('away');
  });
});

describe('what is counted', () => {
  it('comes on the same socket, and stays when the room closes', () => {
    const desk = comeIn();
    desk.hear(tallied({ heart: 3 }, { viewers: 2 }));
    expect(desk.client.state.tally).toMatchObject({ reactions: { heart: 3 }, viewers: 2 });
    desk.put({ kind: 'closed', reason: closeReason('room_closed', null) });
    expect(desk.client.state.tally).toMatchObject({ reactions: { heart: 3 } });
  });

  it('takes taps while it is open, with the picture that was tapped at, and lets go of them otherwise', () => {
    const desk = comeIn();
    const taps = { kind: 'react', counts: { heart: 2 }, mediaTimeMs: 1234 } as const;
    expect(sentFrames(desk.put(taps))).toEqual([{ kind: 'react', counts: { heart: 2 }, mediaTimeMs: 1234 }]);
    expect(sentFrames(desk.put({ ...taps, mediaTimeMs: null }))).toEqual([{ kind: 'react', counts: { heart: 2 } }]);
    desk.put({ kind: 'closed', reason: '' });
    expect(desk.put(taps)).toEqual([]);
  });

  it('remembers what was removed, as long as somebody may read the past beside it', () => {
    const desk = comeIn([said(1, 'a'), said(2, 'b')]);
    desk.hear(removed(3, 'ms_000001') as ServerFrame);
    desk.put({ kind: 'closed', reason: closeReason('room_closed', null) });
    desk.put({ kind: 'gone', messageId: 'ms_000002' as MessageId });
    expect(desk.client.state.removed).toEqual(['ms_000001', 'ms_000002']);
    expect(desk.texts).toEqual([]);
  });
});

it('lets one say again what a mode forbade, as soon as the modes are others', () => {
  const desk = comeIn();
  desk.say('Too soon', 'c1');
  desk.hear(refused('c1', 'slow_mode', 60));
  expect(desk.client.state.refusal?.untilMs).toBe(desk.nowMs + 60_000);
  const { pinned: _pinned, ...room } = view();
  desk.hear(ServerFrame.parse({ kind: 'modes', seq: 5, room, at: '2026-06-01T20:00:00.000Z' }));
  expect(desk.client.state.refusal).toBeNull();
});
