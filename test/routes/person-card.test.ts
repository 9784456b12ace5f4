import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { HeldLine, Message } from '../../src/protocol/chat.ts';
import type { Note, PersonCard } from '../../src/protocol/person-card.ts';
import { logWith } from '../jobs/audit-support.ts';
import { openScene, type Person, person, type Scene, send } from './contract/table.ts';
import { problemOf } from './support.ts';

const channelOf = ({ stream }: Scene): string => `/api/v1/channels/${stream.channelId}`;
const cardOf = async (scene: Scene, about = scene.stranger, who = scene.owner): Promise<PersonCard> =>
  (await send({ method: 'get', path: `${channelOf(scene)}/people/${about.id}`, as: who })).json();
const say = ({ stream, stranger }: Scene, text: string, who: Person = stranger) =>
  send({ method: 'post', path: `/api/v1/streams/${stream.id}/chat`, as: who, body: { text } });
const DOUBTFUL = 'See http://an-unknown-site.example/page';
const BAD = 'Free skins at https://steamcommunlty.com';

describe('the card of a person', () => {
  it('says who somebody is on the channel and what they said, also what was removed', async () => {
    const scene = await openScene();
    const { stream, stranger, owner } = scene;
    await send({ method: 'put', path: `${channelOf(scene)}/follow`, as: stranger });
    await send({ method: 'put', path: `${channelOf(scene)}/roles/${stranger.id}`, as: owner, body: { role: 'vip' } });
    await say(scene, 'Hello');
    const { id } = await (await say(scene, 'Something rude')).json<Message>();
    await send({ method: 'delete', path: `/api/v1/streams/${stream.id}/chat/${id}`, as: owner });
    const elsewhere = await openScene();
    await say(elsewhere, 'On another channel', stranger);
    const card = await cardOf(scene);
    expect(card).toMatchObject({
      user: { id: stranger.id, handle: stranger.handle, createdAt: expect.any(String) },
      roles: ['vip'],
      followedAt: expect.any(String),
      bans: [],
      counts: { messages: 2, removed: 1, held: 0, denied: 0, timeouts: 0, bans: 0 },
    });
    expect(card.messages.map(({ text, isRemoved }) => [text, isRemoved])).toEqual([
      ['Something rude', true],
      ['Hello', false],
    ]);
    expect(card.acts).toMatchObject([{ action: 'message.removed', messageId: id, by: { id: owner.id } }]);
  });

  it('has each act with who did it, why, and whether it was undone', async () => {
    const scene = await openScene();
    const { stream, stranger, owner, admin } = scene;
    const ban = (path: string, as: Person, body: object) =>
      send({ method: 'put', path: `${path}/${stranger.id}`, as, body });
    await ban(`${channelOf(scene)}/bans`, owner, { seconds: 60, reason: 'Shouting' });
    await send({ method: 'delete', path: `${channelOf(scene)}/bans/${stranger.id}`, as: owner });
    await ban(`${channelOf(scene)}/bans`, owner, { seconds: null, effect: 'hold', reason: 'Again' });
    await ban('/api/v1/bans', admin, { seconds: 600, effect: 'hold' });
    await say(scene, 'Does anybody hear me');
    const held = `/api/v1/streams/${stream.id}/room/held`;
    const { lines } = await (await send({ method: 'get', path: held, as: owner })).json<{ lines: HeldLine[] }>();
    const body = { decision: 'approved', reason: 'It is fine' };
    await send({ method: 'put', path: `${held}/${lines[0]!.id}/decision`, as: owner, body });
    const { acts, bans, counts } = await cardOf(scene);
    const seen = acts.map(({ action, by, reason, isEverywhere, undoneAt }) => [
      action,
      by?.id ?? null,
      reason,
      isEverywhere,
      undoneAt !== null,
    ]);
    expect(seen).toEqual([
      ['message.approved', owner.id, 'It is fine', false, false],
      ['message.held', null, 'banned_person', false, true],
      ['ban.placed', admin.id, null, true, false],
      ['ban.placed', owner.id, 'Again', false, false],
      ['ban.lifted', owner.id, null, false, false],
      ['ban.placed', owner.id, 'Shouting', false, true],
    ]);
    expect(acts.at(-1)!.until).not.toBeNull();
    expect(bans.map(({ channelId }) => channelId)).toEqual(expect.arrayContaining([stream.channelId, null]));
    expect(counts).toMatchObject({ held: 1, timeouts: 1, bans: 1, messages: 1 });
    await send({ method: 'delete', path: `/api/v1/bans/${stranger.id}`, as: admin });
  });

  it('says what is suspicious: a new account, messages that were stopped, complaints', async () => {
    const scene = await openScene();
    const { stream, owner } = scene;
    const { id } = await (await say(scene, 'Hello')).json<Message>();
    expect((await say(scene, DOUBTFUL)).status).toBe(422);
    for (const text of [BAD, `${BAD}/a`]) expect((await say(scene, text)).status).toBe(422);
    const path = `/api/v1/streams/${stream.id}/chat/${id}/reports`;
    for (const who of [owner, await person()]) await send({ method: 'post', path, as: who, body: { reason: 'scam' } });
    const { suspicions, counts, acts } = await cardOf(scene);
    expect(suspicions.map(({ kind, count }) => [kind, count])).toEqual([
      ['new_account', null],
      ['often_stopped', 3],
      ['reported', 2],
    ]);
    expect(suspicions[2]!.words).toBe('Reported by 2 people');
    expect(counts).toMatchObject({ held: 1, denied: 2 });
    expect(acts[0]).toMatchObject({ action: 'message.denied', by: null, reason: expect.any(String) });
    const old = await person();
    await env.DB.prepare('UPDATE users SET created_at_ms = 1 WHERE id = ?').bind(old.id).run();
    expect((await cardOf(scene, old)).suspicions).toEqual([]);
  });

  it('has the notes of moderators, which the log knows of and does not repeat', async () => {
    const scene = await openScene();
    const { stranger, owner, admin } = scene;
    const notes = `${channelOf(scene)}/people/${stranger.id}/notes`;
    const write = async (who: Person, text: string): Promise<Note> =>
      (await send({ method: 'post', path: notes, as: who, body: { text } })).json();
    const mine = await write(owner, 'Sells watches');
    const theirs = await write(admin, 'Known from elsewhere');
    expect((await cardOf(scene)).notes).toEqual([theirs, mine]);
    expect(mine).toMatchObject({ text: 'Sells watches', author: { id: owner.id } });
    const remove = (who: Person, { id }: Note) => send({ method: 'delete', path: `${notes}/${id}`, as: who });
    expect((await remove(owner, theirs)).status).toBe(403);
    expect((await remove(admin, mine)).status).toBe(204);
    expect((await remove(admin, mine)).status).toBe(404);
    expect((await remove(admin, theirs)).status).toBe(204);
    expect((await cardOf(scene)).notes).toEqual([]);
    const other = await openScene();
    expect(
      await problemOf(await send({ method: 'get', path: notes.replace('/notes', ''), as: other.owner })),
    ).toMatchObject({ status: 403 });
    const rows = await logWith(2, ({ entry }) => entry.action.startsWith('note.') && entry.target !== null);
    expect(JSON.stringify(rows)).not.toContain('Sells watches');
  });
});

describe('an erasure', () => {
  it('takes somebody out of reports, complaints, cards, notes and blocks', async () => {
    const scene = await openScene();
    const { stream, stranger, owner } = scene;
    const other = await person();
    const { id } = await (await say(scene, 'My words', stranger)).json<Message>();
    const { id: otherId } = await (await say(scene, 'Other words', other)).json<Message>();
    const report = (messageId: string, who: Person) =>
      send({
        method: 'post',
        path: `/api/v1/streams/${stream.id}/chat/${messageId}/reports`,
        as: who,
        body: { reason: 'spam', text: 'I am sure' },
      });
    await report(id, other);
    await report(otherId, stranger);
    const ban = { seconds: 60, reason: 'Shouting' };
    await send({ method: 'put', path: `${channelOf(scene)}/bans/${stranger.id}`, as: owner, body: ban });
    const notes = `${channelOf(scene)}/people/${stranger.id}/notes`;
    await send({ method: 'post', path: notes, as: owner, body: { text: 'Mind them' } });
    await send({ method: 'put', path: `/api/v1/users/me/blocks/${other.id}`, as: stranger });
    const erased = await send({
      method: 'delete',
      path: '/api/v1/users/me',
      as: stranger,
      body: { confirm: stranger.handle },
    });
    expect(erased.status, await erased.clone().text()).toBe(200);
    const { counts } = await erased.json<{ counts: Record<string, number> }>();
    expect(counts).toMatchObject({ reports: 2, complaints: 1, person_acts: 1, person_notes: 1, blocks: 1 });
    for (const table of ['reports', 'complaints', 'person_acts', 'person_notes', 'blocks']) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results), table).not.toContain(stranger.id);
    }
    const list = await send({ method: 'get', path: `${channelOf(scene)}/reports`, as: owner });
    const { reports } = await list.json<{
      reports: { author: unknown; context: { text: string; author: unknown }[] }[];
    }>();
    expect(reports[1]).toMatchObject({ author: null, complaints: [{ text: 'I am sure' }] });
    expect(reports[0]).toMatchObject({ author: { id: other.id }, complaints: [{ text: null, by: null }] });
    for (const { context } of reports)
      expect(context.map(({ text, author }) => [text, author === null])).toEqual([
        ['My words', true],
        ['Other words', false],
      ]);
  });
});
