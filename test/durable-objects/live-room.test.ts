import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { CLOSINGS, readCloseReason } from '../../src/protocol/chat/closing.ts';
import { comeIn, knock, openRoom, person, ticketFor } from './room-guest.ts';

const say = (clientId: string, text: string) => ({ kind: 'send', clientId, text });

describe('Somebody comes into a room', () => {
  it('and is told how it is set, who they are, and what was said last', async () => {
    const opened = await openRoom();
    const [ada, ben] = [await person('owner'), await person()];
    await opened.room.say(opened.place, ada, { clientId: 'a', text: 'Welcome' });
    const hello = await (await comeIn(opened, ben)).hears('hello');
    expect(hello).toMatchObject({
      v: 1,
      room: { streamState: 'live', isOpen: true, automaticSlowSeconds: 0, pinned: null },
      you: { id: ben.id, handle: ben.handle, roles: [], maySend: true, mayModerate: false },
      backlog: [{ kind: 'message', seq: 1, text: 'Welcome', author: { id: ada.id, roles: ['owner'] } }],
      seq: 1,
      resumeToken: expect.stringMatching(/^rr_/),
      limits: { messageCharacters: 500, frameBytes: 4096 },
    });
  });

  it('as nobody, and can only read', async () => {
    const opened = await openRoom();
    const nobody = await comeIn(opened);
    expect(await nobody.hears('hello')).toMatchObject({ you: null, resumeToken: null });
    nobody.send(say('a', 'Hello'));
    expect(await nobody.hears('refused')).toMatchObject({ clientId: 'a', code: 'unauthenticated' });
    const reader = await comeIn(opened, await person('viewer', { canSend: false }));
    reader.send(say('b', 'Hello'));
    expect(await reader.hears('refused')).toMatchObject({ clientId: 'b', code: 'forbidden' });
    expect(nobody.texts).toEqual([]);
  });

  it('by a ticket, which opens nothing a second time', async () => {
    const opened = await openRoom();
    const ticket = await ticketFor(opened, await person());
    await comeIn(opened, { ticket });
    const again = await knock(opened, { ticket });
    expect(again.webSocket).toBeNull();
    expect(await again.json()).toMatchObject({ code: 'unauthenticated' });
    expect(await (await knock(opened, { ticket: 'rk_nonsense' })).json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('by a ticket, which opens nothing after a minute', async () => {
    const opened = await openRoom();
    const ticket = await ticketFor(opened, await person());
    await runInDurableObject(opened.room, (_room, { storage }) => {
      storage.sql.exec('UPDATE tickets SET expires_at_ms = ?', Date.now() - 1);
    });
    expect(await (await knock(opened, { ticket })).json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('and is sent away with a time to come back when the room is full', async () => {
    const opened = await openRoom();
    await runInDurableObject(opened.room, (room) => {
      Object.defineProperty(room, 'env', { value: { ...env, ROOM_SOCKETS_MAX: '1' } });
    });
    await comeIn(opened);
    const refusal = await (await knock(opened)).json<{ code: string; retryAfterSeconds: number }>();
    expect(refusal.code).toBe('overloaded');
    expect(refusal.retryAfterSeconds).toBeGreaterThanOrEqual(5);
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(10);
  });

  it('with another version, and is told so', async () => {
    const client = await comeIn(await openRoom(), { v: '99' });
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.wrong_version[0], retry: null });
    await client.until(() => client.closed !== null, 'closed');
    expect(client.closed).toMatchObject({ code: 4010, reason: 'wrong_version' });
  });
});

describe('A message', () => {
  it('reaches everybody, its author too, under one number and id', async () => {
    const opened = await openRoom();
    const ben = await person();
    const [author, reader] = [await comeIn(opened, ben), await comeIn(opened)];
    author.send({ ...say('mine-1', ' Hello @Ada, how are you? '), mediaTimeMs: 1_795_521_600_000, later: 'field' });
    const accepted = await author.hears('accepted');
    const [seen, own] = [await reader.hears('message'), await author.hears('message')];
    expect(seen).toEqual(own);
    expect(accepted).toEqual({ kind: 'accepted', clientId: 'mine-1', seq: seen.seq, id: seen.id });
    expect(seen).toMatchObject({
      text: 'Hello @Ada, how are you?',
      author: { id: ben.id },
      mentions: ['ada'],
      mediaTimeMs: 1_795_521_600_000,
      replyTo: null,
    });
  });

  it('that is sent twice under one client id is said once, across an eviction too', async () => {
    const opened = await openRoom();
    const ben = await person();
    const author = await comeIn(opened, ben);
    author.send(say('once', 'Hello'));
    const first = await author.hears('accepted');
    await evictDurableObject(opened.room);
    author.send(say('once', 'Hello'));
    await author.until(() => author.heard.filter(({ kind }) => kind === 'accepted').length === 2, 'a second answer');
    expect(author.heard.filter(({ kind }) => kind === 'accepted')).toEqual([first, first]);
    expect(author.texts).toEqual(['Hello']);
  });

  it('is judged before anybody sees it: parts are masked for everybody, the rest is not sent at all', async () => {
    const opened = await openRoom();
    const [author, reader] = [await comeIn(opened, await person()), await comeIn(opened)];
    author.send(say('a', 'what the fuck'));
    for (const client of [author, reader])
      expect(await client.hears('message')).toMatchObject({ text: 'what the ****' });
    author.send(say('b', 'Free skins at https://steamcommunlty.com'));
    author.send(say('c', 'See http://an-unknown-site.example/page'));
    await author.hears('refused', ({ clientId }) => clientId === 'c');
    expect(author.heard.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { clientId: 'b', code: 'message_denied' },
      { clientId: 'c', code: 'message_held' },
    ]);
    const late = await comeIn(opened);
    await late.hears('hello');
    for (const client of [reader, late]) expect(client.texts).toEqual(['what the ****']);
  });

  it('answers another, and carries the beginning of it', async () => {
    const opened = await openRoom();
    const [ada, ben] = [await person(), await person()];
    const said = await opened.room.say(opened.place, ada, { clientId: 'a', text: 'Who scored?' });
    if (!said.ok) throw new Error(said.detail);
    const author = await comeIn(opened, ben);
    author.send({ ...say('b', 'Number nine'), replyTo: said.message.id });
    expect(await author.hears('message')).toMatchObject({
      replyTo: { id: said.message.id, text: 'Who scored?', author: { id: ada.id } },
    });
    author.send({ ...say('c', 'What?'), replyTo: 'ms_nothingthere' });
    expect(await author.hears('refused')).toMatchObject({ clientId: 'c', code: 'not_found' });
  });

  it('that is removed is gone for whoever is there, for whoever comes, and from what answers it', async () => {
    const opened = await openRoom();
    const [ada, ben, mod] = [await person(), await person(), await person('channel_moderator')];
    const said = await opened.room.say(opened.place, ada, { clientId: 'a', text: 'Something rude' });
    if (!said.ok) throw new Error(said.detail);
    await opened.room.say(opened.place, ben, { clientId: 'b', text: 'Well', replyTo: said.message.id });
    const reader = await comeIn(opened);
    const moderator = await comeIn(opened, mod);
    moderator.send({ kind: 'delete', messageId: said.message.id });
    expect(await reader.hears('removed')).toMatchObject({ messageIds: [said.message.id], by: 'moderator' });
    const late = await comeIn(opened);
    await late.hears('hello');
    expect(JSON.stringify(late.heard)).not.toContain('rude');
    expect(late.texts).toEqual(['Well']);
    moderator.send({ kind: 'delete', messageId: said.message.id });
    expect(await moderator.hears('refused')).toMatchObject({ code: 'not_found' });
    expect(await opened.room.say(opened.place, ada, { clientId: 'a', text: 'Something rude' })).toMatchObject({
      ok: false,
    });
  });

  it('is removed by its author, and by nobody of the same rank', async () => {
    const opened = await openRoom();
    const [ada, ben] = [await person(), await person()];
    const said = await opened.room.say(opened.place, ada, { clientId: 'a', text: 'Mine' });
    if (!said.ok) throw new Error(said.detail);
    const { id } = said.message;
    expect(await opened.room.remove(opened.place, ben, id)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await opened.room.remove(opened.place, opened.owner, 'ms_nowhere' as typeof id)).toMatchObject({
      code: 'not_found',
    });
    expect(await opened.room.remove(opened.place, ada, id)).toEqual({ ok: true });
  });

  it('of the owner is not removed by a moderator of the channel', async () => {
    const opened = await openRoom();
    const said = await opened.room.say(opened.place, opened.owner, { clientId: 'a', text: 'Mine' });
    if (!said.ok) throw new Error(said.detail);
    const moderator = await person('channel_moderator');
    expect(await opened.room.remove(opened.place, moderator, said.message.id)).toMatchObject({ code: 'forbidden' });
  });

  it('comes to the archive within two seconds, once, and so does its removal', async () => {
    const opened = await openRoom();
    const ada = await person();
    const said = await opened.room.say(opened.place, ada, { clientId: 'a', text: 'For the archive', mediaTimeMs: 12 });
    if (!said.ok) throw new Error(said.detail);
    const kept = async () =>
      (await env.DB.prepare('SELECT * FROM messages WHERE stream_id = ?').bind(opened.streamId).all()).results;
    await vi.waitFor(async () => expect(await kept()).toHaveLength(1), { timeout: 2000, interval: 50 });
    expect((await kept())[0]).toMatchObject({ text: 'For the archive', author_id: ada.id, seq: 1, media_time_ms: 12 });
    await opened.room.remove(opened.place, ada, said.message.id);
    await vi.waitFor(async () => expect((await kept())[0]).toMatchObject({ removed_by: 'author' }), {
      timeout: 2000,
      interval: 50,
    });
    expect(await kept()).toHaveLength(1);
  });
});

describe('A connection is cut', () => {
  it('and what was missed comes once and in order, across an eviction', async () => {
    const opened = await openRoom();
    const [ben, ada] = [await person(), await person('owner')];
    const before = await comeIn(opened, ben);
    const { resumeToken } = await before.hears('hello');
    const tell = async (from: number, to: number) => {
      for (let index = from; index <= to; index++)
        await opened.room.say(opened.place, ada, { clientId: `${index}`, text: `line ${index}` });
    };
    await tell(1, 3);
    await before.until(() => before.texts.length === 3, 'three lines');
    before.close();
    await tell(4, 9);
    await evictDurableObject(opened.room);
    await tell(10, 12);
    const seen = before.events.at(-1)!.seq;
    const back = await comeIn(opened, { resume: resumeToken!, after: seen });
    const hello = await back.hears('hello');
    expect(hello).toMatchObject({ isComplete: true, you: { id: ben.id, maySend: true } });
    await tell(13, 14);
    await back.until(() => back.texts.length >= 11, 'all that was missed');
    expect(back.texts).toEqual(Array.from({ length: 11 }, (_, index) => `line ${index + 4}`));
    expect(back.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, index) => index + 4));
    back.send(say('back', 'I am back'));
    await back.hears('accepted');
    const used = await knock(opened, { resume: resumeToken! });
    expect(await used.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('for more than five minutes: the visit is over, and a newcomer is told the newest', async () => {
    const opened = await openRoom();
    const client = await comeIn(opened, await person());
    const { resumeToken } = await client.hears('hello');
    client.close();
    await vi.waitFor(async () =>
      runInDurableObject(opened.room, (_room, { storage }) => {
        const rows = storage.sql.exec(
          'UPDATE visits SET cut_at_ms = cut_at_ms - 301000 WHERE cut_at_ms IS NOT NULL RETURNING id',
        );
        expect(rows.toArray()).toHaveLength(1);
      }),
    );
    expect(await (await knock(opened, { resume: resumeToken! })).json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('by half: the visit comes back while its old socket still hangs, which is then closed', async () => {
    const opened = await openRoom();
    const old = await comeIn(opened, await person());
    const { resumeToken } = await old.hears('hello');
    const back = await comeIn(opened, { resume: resumeToken!, after: 0 });
    await back.hears('hello');
    expect(await old.hears('bye')).toMatchObject({ code: CLOSINGS.replaced[0], retry: null });
  });

  it('while the object lost its memory: open sockets hear on, and are still who they were', async () => {
    const opened = await openRoom();
    const [ben, reader] = [await comeIn(opened, await person()), await comeIn(opened)];
    await ben.hears('hello');
    await reader.hears('hello');
    await evictDurableObject(opened.room);
    ben.send(say('after', 'Still here'));
    expect(await reader.hears('message')).toMatchObject({ text: 'Still here', seq: 1 });
  });
});

describe('Something went missing on an open socket', () => {
  it('and is told again when the client asks, and only so often', async () => {
    const opened = await openRoom();
    for (const text of ['one', 'two', 'three']) {
      await opened.room.say(opened.place, opened.owner, { clientId: text, text });
    }
    const client = await comeIn(opened);
    await client.hears('hello');
    client.send({ kind: 'resume', afterSeq: 1 });
    expect(await client.hears('resumed')).toMatchObject({
      isComplete: true,
      events: [{ text: 'two' }, { text: 'three' }],
    });
    for (let index = 0; index < 25; index++) client.send({ kind: 'resume', afterSeq: 0 });
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.misbehaved[0] });
  });
});

describe('A message of the day before yesterday', () => {
  it('has left the room for the archive, where it is read, pinned and removed all the same', async () => {
    const opened = await openRoom();
    const ada = await person();
    const old = await opened.room.say(opened.place, ada, { clientId: 'old', text: 'Long ago' });
    if (!old.ok) throw new Error(old.detail);
    await opened.room.say(opened.place, ada, { clientId: 'new', text: 'Just now' });
    await opened.room.settle();
    await runInDurableObject(opened.room, async (room, { storage }) => {
      storage.sql.exec('UPDATE events SET at_ms = at_ms - 172800000 WHERE seq = 1');
      await room.alarm();
      expect(storage.sql.exec('SELECT seq FROM events').toArray()).toEqual([{ seq: 2 }]);
    });
    expect(await opened.room.pin(opened.place, opened.owner, old.message.id)).toEqual({ ok: true });
    expect((await opened.room.view(opened.place)).pinned).toMatchObject({ text: 'Long ago', author: { id: ada.id } });
    const client = await comeIn(opened);
    expect(await client.hears('hello')).toMatchObject({ seq: 3 });
    expect(await opened.room.remove(opened.place, ada, old.message.id)).toEqual({ ok: true });
    await client.hears('removed', ({ messageIds }) => messageIds.includes(old.message.id));
    await client.hears('pin', ({ message }) => message === null);
  });
});

describe('A frame that makes no sense', () => {
  it.each([
    ['no JSON', 'hello', 'invalid_request'],
    ['no object', '[]', 'invalid_request'],
    ['binary', new Uint8Array([1, 2, 3]), 'invalid_request'],
    ['huge', JSON.stringify(say('a', 'x'.repeat(5000))), 'payload_too_large'],
    ['an unknown kind', '{"kind":"dance","clientId":"c1"}', 'unknown_frame'],
    ['another version', '{"kind":"send","v":2,"clientId":"c1","text":"Hello"}', 'invalid_request'],
    ['no text', '{"kind":"send","clientId":"c1","text":"  "}', 'invalid_request'],
    ['too much text', JSON.stringify(say('c1', 'x'.repeat(501))), 'invalid_request'],
    ['no client id', '{"kind":"send","text":"Hello"}', 'invalid_request'],
    ['a message id that is none', '{"kind":"delete","messageId":"x"}', 'invalid_request'],
  ])('is refused with a code, and nobody else is disturbed: %s', async (_what, data, code) => {
    const opened = await openRoom();
    const [bad, good] = [await comeIn(opened, await person()), await comeIn(opened, await person())];
    bad.sendRaw(data);
    expect(await bad.hears('refused')).toMatchObject({ code });
    good.send(say('g', 'Hello'));
    await bad.hears('message');
    expect(bad.closed).toBeNull();
  });

  it('closes the socket when it comes again and again', async () => {
    const opened = await openRoom();
    const [bad, good] = [await comeIn(opened, await person()), await comeIn(opened, await person())];
    for (let index = 0; index < 21; index++) bad.sendRaw('nonsense');
    expect(await bad.hears('bye')).toMatchObject({ code: CLOSINGS.misbehaved[0], retry: null });
    good.send(say('g', 'Hello'));
    await good.hears('accepted');
  });

  it('closes the socket when a thousand come in a second, and the messages of others arrive', async () => {
    const opened = await openRoom();
    const [bad, good] = [await comeIn(opened, await person()), await comeIn(opened, await person())];
    for (let index = 0; index < 1000; index++) bad.send(say(`f${index}`, `flood ${index}`));
    good.send(say('g', 'Hello'));
    await good.hears('accepted');
    await bad.until(() => bad.closed !== null, 'closed');
    expect(readCloseReason(bad.closed!.reason)).toEqual({ closing: 'misbehaved', retry: null });
    expect(good.texts.filter((text) => text.startsWith('flood')).length).toBeLessThanOrEqual(6);
  });

  it('is no ping: that is answered without a word of the room', async () => {
    const client = await comeIn(await openRoom());
    client.sendRaw('{"kind":"ping"}');
    await client.until(() => client.raw.includes('{"kind":"pong"}'), 'pong');
  });
});

describe('Who somebody is', () => {
  it('ends with what they came in by: the socket is closed and the resume token opens nothing', async () => {
    const opened = await openRoom();
    const ben = await person();
    const [client, other] = [await comeIn(opened, ben), await comeIn(opened, { ...ben, holder: 'bs_another' })];
    const { resumeToken } = await client.hears('hello');
    await opened.room.turnAway({ userId: ben.id, holder: ben.holder }, 'signed_out');
    const bye = await client.hears('bye');
    expect(bye).toMatchObject({ code: CLOSINGS.signed_out[0], retry: { fromMs: expect.any(Number) } });
    await client.until(() => client.closed !== null, 'closed');
    expect(readCloseReason(client.closed!.reason)).toEqual({ closing: 'signed_out', retry: bye.retry });
    expect(await (await knock(opened, { resume: resumeToken! })).json()).toMatchObject({ code: 'unauthenticated' });
    other.send(say('o', 'Still here'));
    await other.hears('accepted');
  });

  it('runs out with their credential', async () => {
    const opened = await openRoom();
    const client = await comeIn(opened, await person('viewer', { expiresAtMs: Date.now() + 1200 }));
    await client.hears('hello');
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });

  it('is forgotten when they leave Footlight: their words stay without them', async () => {
    const opened = await openRoom();
    const [ada, ben] = [await person(), await person()];
    const said = await opened.room.say(opened.place, ada, { clientId: 'a', text: 'I was here' });
    if (!said.ok) throw new Error(said.detail);
    await opened.room.say(opened.place, ben, { clientId: 'b', text: 'Indeed', replyTo: said.message.id });
    await opened.room.pin(opened.place, opened.owner, said.message.id);
    await opened.room.forget([ada.id]);
    const late = await comeIn(opened);
    const hello = await late.hears('hello');
    expect(late.texts).toEqual(['I was here', 'Indeed']);
    expect(hello.room.pinned).toMatchObject({ author: null, text: 'I was here' });
    expect(JSON.stringify(hello)).not.toContain(ada.id);
    const held = await runInDurableObject(opened.room, (_room, { storage }) =>
      JSON.stringify(
        ['events', 'facts', 'tickets', 'visits'].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
      ),
    );
    // What is on its way to the audit log is made nameless there.
    expect(JSON.parse(held)[0].filter((row: { trace: string | null }) => row.trace === null)).not.toContain(ada.id);
  });
});

describe('A stream ends', () => {
  it('and its room with it, when its owner wants that', async () => {
    const opened = await openRoom();
    const client = await comeIn(opened, await person());
    await opened.room.streamChanged({ ...opened.place, streamState: 'ended' });
    await client.hears('modes', ({ room }) => room.streamState === 'ended' && !room.isOpen);
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.room_closed[0], retry: null });
    expect(await opened.room.say(opened.place, opened.owner, { clientId: 'a', text: 'Late' })).toMatchObject({
      code: 'room_closed',
    });
  });

  it('and the room goes on, when its owner wants that', async () => {
    const opened = await openRoom();
    await opened.room.change(opened.place, opened.owner, { afterLive: 'open' });
    const client = await comeIn(opened, await person());
    await opened.room.streamChanged({ ...opened.place, streamState: 'ended' });
    await client.hears('modes', ({ room }) => room.streamState === 'ended' && room.isOpen);
    client.send(say('a', 'What a show'));
    await client.hears('accepted');
    await opened.room.change({ ...opened.place, streamState: 'ended' }, opened.owner, { afterLive: 'closed' });
    await client.hears('bye');
  });
});

describe('A big room', () => {
  it('does not send at all what is removed before its time has come, nor pinned, nor quoted', async () => {
    const opened = await openRoom();
    const { room, place, owner } = opened;
    const [first] = await Promise.all(Array.from({ length: 205 }, () => comeIn(opened)));
    const said = await room.say(place, owner, { clientId: 'a', text: 'A slip' });
    if (!said.ok) throw new Error(said.detail);
    const { id } = said.message;
    await room.pin(place, owner, id);
    await room.say(place, owner, { clientId: 'b', text: 'Never mind', replyTo: id });
    await room.remove(place, owner, id);
    await first!.until(() => first!.events.some(({ kind }) => kind === 'removed'), 'removed');
    const told = first!.events.filter(({ kind }) => ['message', 'pin'].includes(kind));
    expect(told).toMatchObject([
      { kind: 'message', text: 'Never mind', replyTo: null },
      { kind: 'pin', message: null },
    ]);
  });

  it('does not send at all what is cleared before its time has come, nor what was pinned; what is announced it sends', async () => {
    const opened = await openRoom();
    const { room, place, owner } = opened;
    const [first] = await Promise.all(Array.from({ length: 205 }, () => comeIn(opened)));
    const said = await room.say(place, owner, { clientId: 'a', text: 'A slip' });
    if (!said.ok) throw new Error(said.detail);
    await room.pin(place, owner, said.message.id);
    await room.announce(place, owner, { text: 'Half time' });
    await room.clear(place, owner, null);
    await first!.until(() => first!.events.some(({ kind }) => kind === 'cleared'), 'cleared');
    const told = first!.events.filter(({ kind }) => ['message', 'pin', 'announcement'].includes(kind));
    expect(told).toMatchObject([{ kind: 'announcement' }, { kind: 'pin', message: null }]);
  });

  it('gathers what is said, and loses nothing of it when the object loses its memory', async () => {
    const opened = await openRoom();
    const ada = await person('owner');
    const [first] = await Promise.all(Array.from({ length: 210 }, () => comeIn(opened)));
    expect((await (await comeIn(opened)).hears('hello')).frameIntervalMs).toBe(100);
    for (let index = 0; index < 3; index++) {
      await opened.room.say(opened.place, ada, { clientId: `${index}`, text: `line ${index}` });
    }
    const late = await comeIn(opened);
    await evictDurableObject(opened.room);
    await opened.room.say(opened.place, ada, { clientId: 'last', text: 'last' });
    for (const client of [first!, late]) {
      await client.until(() => client.texts.includes('last'), 'last');
      expect(client.texts).toEqual(['line 0', 'line 1', 'line 2', 'last']);
    }
  });
});
