import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { STANDARD_RULES } from '../../src/protocol/rules.ts';
import { replaceRules } from '../../src/storage/rules.ts';
import { comeIn, type Opened, openRoom, person, type RoomClient } from './room-guest.ts';

/** The rules doubt it and let it through: an insult. In brackets what the double at the far end of the binding goes by. */
const doubted = (about: string) => `what an idiot ${about}`;
const line = (clientId: string, about: string) => ({ kind: 'send', clientId, text: doubted(about) });

const was = env.CHAT_MODEL ?? '';
beforeAll(() => {
  env.CHAT_MODEL = 'double';
});
afterAll(() => {
  env.CHAT_MODEL = was;
});

interface Scene {
  opened: Opened;
  ben: RoomClient;
  moderator: RoomClient;
}

async function scene(rules: object = {}): Promise<Scene> {
  const opened = await openRoom();
  const { results } = await env.DB.prepare('SELECT channel_id AS id FROM streams WHERE id = ?')
    .bind(opened.streamId)
    .all<{ id: string }>();
  await replaceRules(env.DB, results[0]!.id as never, { ...STANDARD_RULES, ...rules });
  const moderator = await comeIn(opened, await person('channel_moderator'));
  return { opened, moderator, ben: await comeIn(opened, await person()) };
}

describe('a line that the rules doubt', () => {
  it('is shown when the model finds nothing in it', async () => {
    const { ben, moderator } = await scene();
    ben.send(line('a', 'I am'));
    expect(await moderator.hears('message')).toMatchObject({ text: doubted('I am') });
    await ben.hears('accepted');
    expect(await ben.hears('hello')).toMatchObject({ room: { judge: 'up' } });
  });

  it.each(['[harm]', '[words]'])('waits for a moderator when the model finds something: %s', async (about) => {
    const { ben, moderator } = await scene();
    ben.send(line('a', about));
    expect(await ben.hears('refused')).toMatchObject({ clientId: 'a', code: 'message_held' });
    expect(await moderator.hears('held')).toMatchObject({ line: { reason: 'model', text: doubted(about) } });
    expect(moderator.texts).toEqual([]);
  });

  it('keeps its author’s next line behind it, and nobody else waiting', async () => {
    const { opened, ben, moderator } = await scene();
    const cleo = await comeIn(opened, await person());
    ben.send(line('a', '[slow]'));
    ben.send({ kind: 'send', clientId: 'b', text: 'Sorry' });
    cleo.send({ kind: 'send', clientId: 'c', text: 'Hello' });
    await moderator.until(() => moderator.texts.length === 3, 'three lines');
    expect(moderator.texts).toEqual(['Hello', doubted('[slow]'), 'Sorry']);
    const seqs = moderator.events.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
  });

  it('sent twice under one client id is said once', async () => {
    const { ben, moderator } = await scene();
    ben.send(line('a', '[slow]'));
    ben.send(line('a', '[slow]'));
    await ben.until(() => ben.heard.filter(({ kind }) => kind === 'accepted').length === 2, 'both answers');
    expect(moderator.texts).toEqual([doubted('[slow]')]);
  });

  it('is refused when its author was banned meanwhile', async () => {
    const { opened, moderator } = await scene();
    const [owner, caller] = [await person('owner'), await person()];
    const ben = await comeIn(opened, caller);
    ben.send(line('a', '[slow]'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const restraint = { effect: 'refuse' as const, atMs: Date.now(), untilMs: null };
    const told = { userId: caller.id, scope: 'channel' as const, atMs: Date.now(), restraint, removeMessages: false };
    await opened.room.restrained(owner, told);
    expect(await ben.hears('refused')).toMatchObject({ code: 'banned' });
    expect(moderator.texts).toEqual([]);
  });

  it.each([
    [{ emoteOnly: true }, 'emote_only'],
    [{ followersOnlyMinutes: 0 }, 'followers_only'],
    [{ subscribersOnly: true }, 'subscribers_only'],
  ])('is refused when the room has another mode by the time the model has read it: %j', async (change, code) => {
    const { opened, ben, moderator } = await scene();
    ben.send(line('a', '[slow]'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await opened.room.change(opened.place, await person('owner'), change);
    expect(await ben.hears('refused')).toMatchObject({ clientId: 'a', code });
    expect(moderator.texts).toEqual([]);
  });

  it('is said when the room is free again by the time the model has read it', async () => {
    const { opened, ben, moderator } = await scene();
    const owner = await person('owner');
    ben.send(line('a', '[slow]'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const emoteOnly of [true, false]) await opened.room.change(opened.place, owner, { emoteOnly });
    await ben.hears('accepted');
    expect(moderator.texts).toEqual([doubted('[slow]')]);
  });
});

describe('a model that does not answer', () => {
  it('lets what the rules let through pass after a second and a half, unless the channel wants it held', async () => {
    const { ben, moderator } = await scene();
    const sentAtMs = Date.now();
    ben.send(line('a', '[silent]'));
    await moderator.hears('message');
    const tookMs = Date.now() - sentAtMs;
    expect(tookMs).toBeGreaterThan(1400);
    expect(tookMs).toBeLessThan(2500);
    const strict = await scene({ whenModelIsDown: 'hold' });
    strict.ben.send(line('a', '[broken]'));
    expect(await strict.ben.hears('refused')).toMatchObject({ code: 'message_held' });
    expect(strict.moderator.texts).toEqual([]);
  });

  it('is left alone after three failures, everybody sees it, and it is back once it answers', async () => {
    const { opened, moderator } = await scene();
    for (const [index, about] of ['[broken]', '[nonsense]', '[broken]'].entries()) {
      const one = await comeIn(opened, await person());
      one.send(line('a', `${about} ${index}`));
      await one.hears('accepted');
    }
    expect((await moderator.hears('modes')).room.judge).toBe('down');
    expect(await opened.room.view(opened.place)).toMatchObject({ judge: 'down' });
    const nobodyWaits = await comeIn(opened, await person());
    const sentAtMs = Date.now();
    nobodyWaits.send(line('a', '[silent]'));
    await nobodyWaits.hears('accepted');
    expect(Date.now() - sentAtMs).toBeLessThan(1000);
    const later = vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 31_000);
    try {
      await runDurableObjectAlarm(opened.room);
      expect((await moderator.hears('modes', ({ room }) => room.judge === 'up')).room.judge).toBe('up');
    } finally {
      later.mockRestore();
    }
  });
});
