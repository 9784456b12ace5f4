// Every cell of the table of access, tried at its door.
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signAccessToken } from '../../src/auth/access-token.ts';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import { ACCESS, type Action, isAllowed, type Role } from '../../src/domain/access.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { HeldLine } from '../../src/protocol/chat/held.ts';
import { SCOPES, type Scope } from '../../src/protocol/claims.ts';
import { MessageId, type StreamId, UserId } from '../../src/protocol/ids.ts';
import { STANDARD_RULES } from '../../src/protocol/rules.ts';
import { archiveMessages } from '../../src/storage/messages.ts';
import { giveChannelRole } from '../../src/storage/roles.ts';
import { keepUser } from '../../src/storage/users.ts';
import { type Person, person, send } from './contract/table.ts';
import { as, BASE, call, openStream, problemOf } from './support.ts';

/** Who is who on ada's channel; each is one kind of person and nothing else. */
const PEOPLE: Record<Role, UserId> = {
  viewer: UserId.parse('us_cleo0'),
  vip: UserId.parse('us_vip0'),
  channel_moderator: UserId.parse('us_ben0'),
  owner: UserId.parse('us_ada0'),
  moderator: UserId.parse('us_mod0'),
  admin: UserId.parse('us_root0'),
};
/** Somebody without any role, to whom things are done. */
const TARGET = UserId.parse('us_target');

type Ask = (method: string, path: string, body?: unknown) => Promise<Response>;

/** A person's requests, each with a token of its own; null: nobody's. */
const asking =
  (userId: UserId | null, { clientId = 'test', scopes = SCOPES as readonly Scope[] } = {}): Ask =>
  async (method, path, body) => {
    const headers = new Headers(body === undefined ? {} : { 'Content-Type': 'application/json' });
    if (userId) {
      const token = await signAccessToken(await signingKey(env.TOKEN_KEY), {
        base: BASE,
        userId,
        clientId,
        scopes,
        nowSeconds: Math.floor(Date.now() / 1000),
        lifetimeSeconds: 60,
      });
      headers.set('Authorization', `Bearer ${token}`);
    }
    return call(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  };

/** How each action is done at its door, on a stream of ada's. */
const DOORS: Record<Action, (ask: Ask, stream: CreatedStream) => Promise<Response>> = {
  'channel.open': (ask) => ask('POST', '/api/v1/streams', { title: 'Mine' }),
  'channel.see_details': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}`),
  'channel.see_roles': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/roles`),
  'channel.give_role': (ask, { channelId }) =>
    ask('PUT', `/api/v1/channels/${channelId}/roles/${TARGET}`, { role: 'vip' }),
  'channel.take_role': (ask, { channelId }) => ask('DELETE', `/api/v1/channels/${channelId}/roles/${TARGET}`),
  'channel.follow': (ask, { channelId }) => ask('PUT', `/api/v1/channels/${channelId}/follow`),
  'channel.broadcast': async (ask, { id, channelId }) => {
    await as('ada', 'DELETE', `/api/v1/streams/${id}`);
    return ask('POST', '/api/v1/streams', { title: 'The next', channelId });
  },
  'channel.take_key': (ask, { channelId }) => ask('POST', `/api/v1/channels/${channelId}/stream-key`, {}),
  'channel.revoke_key': (ask, { channelId }) => ask('DELETE', `/api/v1/channels/${channelId}/stream-key`),
  'stream.change': (ask, { id }) => ask('PATCH', `/api/v1/streams/${id}`, { title: 'Other words' }),
  'stream.end': (ask, { id }) => ask('DELETE', `/api/v1/streams/${id}`),
  'stream.enter': (ask) => ask('POST', `/api/v1/streams/${locked.id}/pass`),
  'stream.invite': (ask, { id }) => ask('PUT', `/api/v1/streams/${id}/members/${TARGET}`),
  'stream.see_health': (ask, { id }) => ask('GET', `/api/v1/streams/${id}/health`),
  'message.send': (ask, { id }) => ask('POST', `/api/v1/streams/${id}/chat`, { text: 'Hello' }),
  'message.remove': async (ask, { id }) => ask('DELETE', `/api/v1/streams/${id}/chat/${await targetMessage(id)}`),
  'room.change': (ask, { id }) => ask('PATCH', `/api/v1/streams/${id}/room`, { unique: false }),
  'room.pin': (ask, { id }) => ask('DELETE', `/api/v1/streams/${id}/room/pin`),
  'room.announce': (ask, { id }) => ask('POST', `/api/v1/streams/${id}/room/announcements`, { text: 'Half time' }),
  'room.clear': (ask, { id }) => ask('POST', `/api/v1/streams/${id}/room/clearings`, { reason: 'A raid' }),
  'poll.manage': async (ask, { id }) => {
    // Whoever is let in finds that there is no such poll.
    const response = await ask('PATCH', `/api/v1/streams/${id}/room/polls/pl_nothing`, { state: 'ended' });
    return response.status === 404 ? new Response() : response;
  },
  'poll.vote': async (ask, { id }) => {
    const response = await ask('PUT', `/api/v1/streams/${id}/room/polls/pl_nothing/vote`, { option: 0 });
    return response.status === 404 ? new Response() : response;
  },
  'stream.upvote': (ask, { id }) => ask('PUT', `/api/v1/streams/${id}/upvote`),
  'ban.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/bans`),
  'ban.place': (ask, { channelId }) => ask('DELETE', `/api/v1/channels/${channelId}/bans/${TARGET}`),
  'ban.everywhere': (ask) => ask('GET', '/api/v1/bans'),
  'report.make': async (ask, { id }) =>
    ask('POST', `/api/v1/streams/${id}/chat/${await targetMessage(id)}/reports`, { reason: 'spam' }),
  'report.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/reports`),
  'report.answer': async (ask, { channelId }) => {
    // Whoever is let in finds that there is no such report.
    const response = await ask('PUT', `/api/v1/channels/${channelId}/reports/rp_nothing/answer`, { outcome: 'acted' });
    return response.status === 404 ? new Response() : response;
  },
  'report.everywhere': (ask) => ask('GET', '/api/v1/reports'),
  'person.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/people/${TARGET}`),
  'person.note': (ask, { channelId }) =>
    ask('POST', `/api/v1/channels/${channelId}/people/${TARGET}/notes`, { text: 'Mind the links' }),
  'rules.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/rules`),
  'rules.change': (ask, { channelId }) => ask('PUT', `/api/v1/channels/${channelId}/rules`, STANDARD_RULES),
  'rules.everywhere': (ask) => ask('GET', '/api/v1/rules'),
  'appeal.make': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/appeals/mine`),
  'appeal.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/appeals`),
  'appeal.answer': async (ask, { channelId }) => {
    const answer = { decision: 'upheld', reason: 'It was right' };
    // Whoever is let in finds that there is no such appeal.
    const response = await ask('PUT', `/api/v1/channels/${channelId}/appeals/al_nothing/answer`, answer);
    return response.status === 404 ? new Response() : response;
  },
  'appeal.everywhere': (ask) => ask('GET', '/api/v1/appeals'),
  'shield.see': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/shield`),
  'shield.set': (ask, { channelId }) => ask('DELETE', `/api/v1/channels/${channelId}/shield`),
  'held.see': (ask, { id }) => ask('GET', `/api/v1/streams/${id}/room/held`),
  'held.decide': async (ask, { id }) => {
    // Somebody new each time: one person says only so much at once.
    const body = { text: 'See http://an-unknown-site.example/page' };
    await send({ method: 'post', path: `/api/v1/streams/${id}/chat`, as: await person(), body });
    const { lines } = await (await as('ada', 'GET', `/api/v1/streams/${id}/room/held`)).json<{ lines: HeldLine[] }>();
    const path = `/api/v1/streams/${id}/room/held/${lines[0]?.id ?? 'ms_nothing'}/decision`;
    return ask('PUT', path, { decision: 'denied' });
  },
  'channel.moderate': (ask, { channelId }) => ask('GET', `/api/v1/channels/${channelId}/moderation`),
  'user.see_moderated': (ask) => ask('GET', '/api/v1/users/me/channels'),
  'audit.read': (ask) => ask('GET', '/api/v1/audit'),
  'webhook.see': async (ask) => ask('GET', await adaWebhook()),
  'webhook.manage': async (ask) => ask('PATCH', await adaWebhook(), { events: ['stream.ended'] }),
  'session.see': (ask) => ask('GET', '/api/v1/sessions'),
  'session.revoke': (ask) => ask('DELETE', '/api/v1/sessions'),
  'user.see_self': (ask) => ask('GET', '/api/v1/users/me'),
  'user.change_self': (ask) => ask('PATCH', '/api/v1/users/me', { name: 'Somebody' }),
  'user.export_self': (ask) => ask('GET', '/api/v1/users/me/export'),
  'user.erase_self': async (ask) => {
    // Who is let in is asked for their confirmation; nobody is erased here.
    const response = await ask('DELETE', '/api/v1/users/me', { confirm: '' });
    return response.status === 400 ? new Response() : response;
  },
  'user.block': (ask) => ask('PUT', `/api/v1/users/me/blocks/${TARGET}`),
  'user.see_role': (ask) => ask('GET', '/api/v1/users/roles'),
  'user.change_role': (ask) => ask('PATCH', `/api/v1/users/${TARGET}`, { role: 'viewer' }),
};
/** Something that the target said on this stream. */
async function targetMessage(streamId: StreamId): Promise<string> {
  targetMessages += 1;
  const id = MessageId.parse(`ms_target${targetMessages}`);
  const author = { id: TARGET, handle: TARGET, name: TARGET, roles: [] };
  const message = { id, streamId, seq: null, author, text: 'Hello', mediaTimeMs: null, replyTo: null, mentions: [] };
  await archiveMessages(env.DB, { messages: [{ ...message, sentAt: new Date().toISOString() }], removals: [] });
  return id;
}
let targetMessages = 0;
async function adaWebhook(): Promise<string> {
  const path = '/api/v1/webhooks';
  const { webhooks }: { webhooks: { id: string }[] } = await (await as('ada', 'GET', path)).json();
  // Nobody listens there: what the other rows cause is not sent out into the world.
  const body = { url: 'http://127.0.0.1:9/', events: ['stream.started'] };
  const { id }: { id: string } = webhooks[0] ?? (await (await as('ada', 'POST', path, body)).json());
  return `${path}/${id}`;
}
/** These use their stream up. */
const CONSUMING: readonly Action[] = ['channel.broadcast', 'channel.revoke_key', 'stream.end'];

async function openScene(settings: object = {}): Promise<CreatedStream> {
  const stream = await openStream('ada', settings);
  const given = { channelId: stream.channelId, givenAtMs: 1, from: null };
  await giveChannelRole(env.DB, { ...given, userId: PEOPLE.vip, role: 'vip' });
  await giveChannelRole(env.DB, { ...given, userId: PEOPLE.channel_moderator, role: 'moderator' });
  return stream;
}

let shared: CreatedStream;
/** Another of ada's, behind a password. */
let locked: CreatedStream;
beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
  for (const id of [PEOPLE.vip, TARGET])
    await keepUser(env.DB, { id, handle: id, name: id, platformRole: 'viewer' }, 1);
  shared = await openScene();
  locked = await openScene({ visibility: 'password', password: 'limelight' });
});

const cells = (Object.keys(ACCESS) as Action[]).flatMap((action) => [
  // Whoever has the link may knock: nobody is asked for the password, not for an account.
  { action, kind: 'nobody' as const, expected: action === 'stream.enter' ? 403 : 401 },
  ...(Object.keys(PEOPLE) as Role[]).map((kind) => ({
    action,
    kind,
    expected: isAllowed(action, ['viewer', kind]) ? 'allowed' : 403,
  })),
]);

describe('the table of access, at the doors', () => {
  it.each(cells)('$action by $kind: $expected', async ({ action, kind, expected }) => {
    const stream = CONSUMING.includes(action) ? await openScene() : shared;
    const response = await DOORS[action](asking(kind === 'nobody' ? null : PEOPLE[kind]), stream);
    expect(response.ok ? 'allowed' : response.status, await response.text()).toBe(expected);
  });

  it.each(Object.keys(ACCESS) as Action[])('%s is refused to an app that was not given its scope', async (action) => {
    const { scope, allows }: { scope: string; allows: readonly Role[] } = ACCESS[action];
    const scopes = SCOPES.filter((one) => one !== scope);
    const ask = asking(PEOPLE[allows.at(-1)!], { clientId: 'ap_someapp', scopes });
    expect((await problemOf(await DOORS[action](ask, shared))).status).toBe(403);
  });
});

describe('a role', () => {
  it('on a channel is lost at the next request', async () => {
    const roles = `/api/v1/channels/${(await openScene()).channelId}/roles`;
    expect((await as('ben', 'GET', roles)).status).toBe(200);
    expect((await as('ada', 'DELETE', `${roles}/us_ben0`)).status).toBe(204);
    expect((await as('ben', 'GET', roles)).status).toBe(403);
  });

  it('on one channel says nothing about another', async () => {
    const other = await openStream('cleo');
    expect((await as('ben', 'GET', `/api/v1/channels/${other.channelId}/roles`)).status).toBe(403);
  });

  it('on the platform is lost at the next request too', async () => {
    const ask = () => asking(TARGET)('GET', `/api/v1/channels/${shared.channelId}/roles`);
    expect((await as('root', 'PATCH', `/api/v1/users/${TARGET}`, { role: 'moderator' })).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect((await as('root', 'PATCH', `/api/v1/users/${TARGET}`, { role: 'viewer' })).status).toBe(200);
    expect((await ask()).status).toBe(403);
  });

  it.each([
    ['a channel moderator makes another', 'ben', TARGET, 'moderator', 403],
    ['a channel moderator makes a vip', 'ben', TARGET, 'vip', 200],
    ['a channel moderator turns on the owner', 'ben', PEOPLE.owner, 'vip', 403],
    ['a channel moderator demotes oneself', 'ben', PEOPLE.channel_moderator, 'vip', 403],
    ['the owner makes a moderator', 'ada', TARGET, 'moderator', 200],
    ['the owner turns on an administrator', 'ada', PEOPLE.admin, 'vip', 403],
    ['a platform moderator demotes a channel moderator', 'mod', PEOPLE.channel_moderator, 'vip', 200],
  ])('is kept in rank: %s', async (_what, who, target, role, status) => {
    const { channelId } = await openScene();
    expect((await as(who, 'PUT', `/api/v1/channels/${channelId}/roles/${target}`, { role })).status).toBe(status);
  });

  it.each([
    ['a moderator ends the stream of a viewer', 'mod', 'cleo', 204],
    ['a moderator does not end that of an administrator', 'mod', 'root', 403],
    ['an administrator ends that of a moderator', 'root', 'mod', 204],
    ['a viewer ends nobody’s', 'cleo', 'ada', 403],
  ])('is kept in rank: %s', async (_what, who, owner, status) => {
    const { id } = await openStream(owner);
    expect((await as(who, 'DELETE', `/api/v1/streams/${id}`)).status).toBe(status);
  });

  it('of an administrator is out of reach of the others, and of oneself', async () => {
    await env.DB.prepare("UPDATE users SET platform_role = 'admin' WHERE id = ?").bind(TARGET).run();
    for (const id of [TARGET, PEOPLE.admin]) {
      expect((await as('root', 'PATCH', `/api/v1/users/${id}`, { role: 'viewer' })).status).toBe(403);
    }
  });
});

describe('a right that is refused', () => {
  const noted = vi.spyOn(env.AUDIT, 'send');
  beforeEach(() => void noted.mockReset().mockResolvedValue(undefined as never));
  afterAll(() => noted.mockRestore());
  const path = () => `/api/v1/streams/${shared.id}`;
  const refused = async (who: Person): Promise<void> => {
    const response = await send({ method: 'patch', path: path(), as: who, body: { title: 'Mine' } });
    expect(response.status).toBe(403);
  };
  const entriesOf = ({ id }: Person): AuditEntry[] =>
    noted.mock.calls.map(([entry]) => entry).filter(({ actor }) => actor.id === id);

  it('is noted with who, where and why', async () => {
    const stranger = await person();
    await refused(stranger);
    await vi.waitFor(() => expect(entriesOf(stranger)).toHaveLength(1));
    expect(entriesOf(stranger)[0]).toMatchObject({
      action: 'right.refused',
      actor: { kind: 'user', id: stranger.id, appId: null },
      target: { type: 'door', id: 'PATCH /api/v1/streams/:id' },
      after: { path: path() },
      reason: expect.stringContaining('stream.change'),
    });
  });

  it('puts no name into the chain, which forgets nobody: the door as it is written, and ids where an erasure finds them', async () => {
    const stranger = await person();
    const invite = `/api/v1/streams/${shared.id}/members/ben`;
    expect((await send({ method: 'put', path: invite, as: stranger })).status).toBe(403);
    await vi.waitFor(() => expect(entriesOf(stranger)).toHaveLength(1));
    const [noted] = entriesOf(stranger);
    expect(noted!.target!.id).toBe('PUT /api/v1/streams/:id/members/:user');
    expect(noted!.after).toEqual({ path: `/api/v1/streams/${shared.id}/members/:user` });
  });

  it('is noted where the password was wrong, too', async () => {
    const owner = await person();
    const open = { title: 'Locked', visibility: 'password', password: 'correct horse' };
    const made = await send({ method: 'post', path: '/api/v1/streams', as: owner, body: open });
    const { id } = await made.json<{ id: string }>();
    const stranger = await person();
    const guess = { method: 'post', path: `/api/v1/streams/${id}/pass`, as: stranger, body: { password: 'wrong one' } };
    expect((await send(guess)).status).toBe(403);
    await vi.waitFor(() => expect(entriesOf(stranger)).toHaveLength(1));
    expect(entriesOf(stranger)[0]).toMatchObject({
      action: 'right.refused',
      target: { type: 'door', id: 'POST /api/v1/streams/:id/pass' },
      reason: expect.stringContaining('password'),
    });
  });

  it('fills no log, however often it is tried: a row says that there were more, and others are noted as before', async () => {
    const [stubborn, other] = [await person(), await person()];
    // Twice the measure, and within the number of writes that one has; the minute may turn over in between.
    for (let count = 0; count < 80; count++) await refused(stubborn);
    await refused(other);
    await vi.waitFor(() => expect(entriesOf(other)).toHaveLength(1));
    const rows = entriesOf(stubborn);
    const last = rows.filter(({ reason }) => reason?.startsWith('One of too many'));
    expect(last.length).toBeGreaterThanOrEqual(1);
    expect(last.length).toBeLessThanOrEqual(2);
    expect(rows.length - last.length).toBeGreaterThanOrEqual(30);
    expect(rows.length - last.length).toBeLessThanOrEqual(60);
  });
});
