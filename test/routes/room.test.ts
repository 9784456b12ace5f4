import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { signAccessToken } from '../../src/auth/access-token.ts';
import { castMember } from '../../src/auth/local-cast.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { CLOSINGS } from '../../src/protocol/chat/closing.ts';
import type { Message, RoomTicket, RoomView } from '../../src/protocol/chat.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, BASE, call, openStream, problemOf, tokenOf } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

const ticketOf = async (handle: string | null, { id }: CreatedStream, query = ''): Promise<RoomTicket> => {
  const response = await as(handle, 'POST', `/api/v1/streams/${id}/room/tickets${query}`);
  if (response.status !== 201) throw new Error(await response.text());
  return response.json();
};

const upgrade = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  worker.fetch(new Request(BASE + path, { headers: { Upgrade: 'websocket', ...headers } }));

const socketOf = async (path: string, headers?: Record<string, string>): Promise<RoomClient> => {
  const { webSocket, status } = await upgrade(path, headers);
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return new RoomClient(webSocket);
};

const comeIn = async (handle: string | null, stream: CreatedStream): Promise<RoomClient> => {
  const { socketUrl } = await ticketOf(handle, stream);
  return socketOf(socketUrl.replace(/^ws:\/\/[^/]+/, ''));
};

const say = (clientId: string, text: string) => ({ kind: 'send', clientId, text });

describe('the room of a stream', () => {
  it('is entered by a ticket, and what is said by REST and by socket is one conversation', async () => {
    const stream = await openStream('ada');
    const ticket = await ticketOf('ben', stream);
    expect(ticket).toMatchObject({
      maySend: true,
      socketUrl: `ws://edge.test/api/v1/streams/${stream.id}/room?v=1&ticket=${ticket.ticket}`,
    });
    expect(Date.parse(ticket.expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    const ben = await comeIn('ben', stream);
    expect(await ben.hears('hello')).toMatchObject({ you: { handle: 'ben', maySend: true } });
    const response = await as('ada', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Welcome', mediaTimeMs: 5 });
    const said: Message = await response.json();
    const { kind: _kind, ...heard } = await ben.hears('message');
    expect(heard).toEqual(said);
    ben.send(say('a', 'Thank you'));
    await ben.hears('accepted');
    const { messages }: { messages: Message[] } = await (
      await as(null, 'GET', `/api/v1/streams/${stream.id}/chat`)
    ).json();
    expect(messages.map(({ text }) => text)).toEqual(['Thank you', 'Welcome']);
    expect(messages[1]).toEqual(said);
    const [row] = await logWith(1, ({ entry }) => entry.target?.id === messages[0]!.id);
    expect(row).toMatchObject({ entry: { action: 'message.sent' }, facts: { after: { streamId: stream.id } } });
  });

  it('lets nobody in particular read, from our own pages, and with a ticket from anywhere', async () => {
    const stream = await openStream('ada');
    const path = `/api/v1/streams/${stream.id}/room?v=1`;
    expect((await ticketOf(null, stream)).maySend).toBe(false);
    for (const headers of [{}, { Origin: BASE }]) {
      const nobody = await socketOf(path, headers as Record<string, string>);
      expect(await nobody.hears('hello')).toMatchObject({ you: null });
    }
    const foreign = await upgrade(path, { Origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
    const { ticket } = await ticketOf('ben', stream);
    await socketOf(`${path}&ticket=${ticket}`, { Origin: 'https://elsewhere.example' });
    expect((await upgrade(`${path}&ticket=${ticket}`)).status).toBe(401);
    expect((await upgrade('/api/v1/streams/st_nowhere/room?v=1')).status).toBe(404);
    expect((await upgrade(`${path}&after=soon`)).status).toBe(400);
  });

  it('that is full answers 503 with the time to come back', async () => {
    const { id } = await openStream('ada');
    const room = env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id));
    await socketOf(`/api/v1/streams/${id}/room?v=1`);
    await runInDurableObject(room, (object) => {
      Object.defineProperty(object, 'env', { value: { ...env, ROOM_SOCKETS_MAX: '1' } });
    });
    const response = await upgrade(`/api/v1/streams/${id}/room?v=1`);
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThanOrEqual(5);
    expect(await problemOf(response)).toMatchObject({ code: 'overloaded', status: 503 });
  });

  it('is as shut as its stream', async () => {
    const secret = await openStream('ada', { visibility: 'private' });
    const locked = await openStream('cleo', { visibility: 'password', password: 'limelight' });
    for (const [{ id }, status] of [
      [secret, 404],
      [locked, 403],
    ] as const) {
      expect((await upgrade(`/api/v1/streams/${id}/room?v=1`)).status).toBe(status);
      expect((await upgrade(`/api/v1/streams/${id}/room?v=1&ticket=rk_nonsense`)).status).toBe(
        status === 404 ? 404 : 401,
      );
      for (const [method, rest, body] of [
        ['GET', '/room'],
        ['POST', '/room/tickets'],
        ['POST', '/chat', { text: 'Hello' }],
        ['DELETE', '/chat/ms_nothing'],
        ['PATCH', '/room', { unique: true }],
        ['PUT', '/room/pin', { messageId: 'ms_nothing' }],
      ] as const) {
        const response = await as('vip', method, `/api/v1/streams/${id}${rest}`, body).catch(() => null);
        if (response) expect(response.status, `${method} ${rest}`).toBe(status);
      }
    }
    const opened = await as(null, 'POST', `/api/v1/streams/${locked.id}/pass`, { password: 'limelight' });
    const { pass }: { pass: string } = await opened.json();
    const guest = await socketOf(`/api/v1/streams/${locked.id}/room?v=1&pass=${pass}`);
    await guest.hears('hello');
    // Another password: who came in with the old one is out.
    await as('cleo', 'PATCH', `/api/v1/streams/${locked.id}`, { password: 'footlights' });
    expect(await guest.hears('bye')).toMatchObject({ code: CLOSINGS.gate_changed[0] });
  });

  it('is set by its moderators, from the state that they saw, and everybody hears of it', async () => {
    const stream = await openStream('ada');
    const path = `/api/v1/streams/${stream.id}/room`;
    const ben = await comeIn('ben', stream);
    const seen = await as('ada', 'GET', path);
    const changed = await call(path, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${await tokenOf('ada')}`,
        'Content-Type': 'application/json',
        'If-Match': seen.headers.get('ETag')!,
      },
      body: JSON.stringify({ slowSeconds: 30 }),
    });
    expect((await changed.json<RoomView>()).settings.slowSeconds).toBe(30);
    expect(await ben.hears('modes')).toMatchObject({ room: { settings: { slowSeconds: 30 } } });
    const again = await call(path, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${await tokenOf('ada')}`,
        'Content-Type': 'application/json',
        'If-Match': seen.headers.get('ETag')!,
      },
      body: JSON.stringify({ slowSeconds: 0 }),
    });
    expect(again.status).toBe(412);
    ben.send(say('a', 'One'));
    ben.send(say('b', 'Two'));
    expect(await ben.hears('refused')).toMatchObject({ clientId: 'b', code: 'slow_mode', retryAfterSeconds: 30 });
    const refused = await as('ben', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Three' });
    expect(refused.headers.get('Retry-After')).toBe('30');
    expect(await problemOf(refused)).toMatchObject({ code: 'slow_mode', retryAfterSeconds: 30 });
  });

  it('has what is pinned, announced and removed', async () => {
    const stream = await openStream('ada');
    const path = `/api/v1/streams/${stream.id}`;
    const ben = await comeIn('ben', stream);
    ben.send(say('a', 'Look at this'));
    const { id } = await ben.hears('accepted');
    expect((await as('ada', 'PUT', `${path}/room/pin`, { messageId: id })).status).toBe(200);
    expect(await ben.hears('pin')).toMatchObject({ message: { id, text: 'Look at this' } });
    expect((await as('ada', 'POST', `${path}/room/announcements`, { text: 'Half time', mediaTimeMs: 7 })).status).toBe(
      202,
    );
    const history = await (await as('cleo', 'GET', `${path}/chat`)).json<{ messages: object[] }>();
    expect(history.messages[0]).toMatchObject({ text: 'Half time', isAnnouncement: true, author: { handle: 'ada' } });
    const replay = await (await as(null, 'GET', `${path}/chat?fromMediaMs=7&toMediaMs=8`)).json<{
      messages: object[];
    }>();
    expect(replay.messages).toMatchObject([{ text: 'Half time', mediaTimeMs: 7 }]);
    expect(await ben.hears('announcement')).toMatchObject({
      text: 'Half time',
      author: { handle: 'ada' },
      mediaTimeMs: 7,
    });
    expect((await as('cleo', 'DELETE', `${path}/chat/${id}`)).status).toBe(403);
    expect((await as('ada', 'DELETE', `${path}/chat/${id}`)).status).toBe(204);
    expect(await ben.hears('removed')).toMatchObject({ messageIds: [id] });
    expect(await ben.hears('pin', ({ message }) => message === null)).toBeTruthy();
    const left = await (await as(null, 'GET', `${path}/chat`)).json<{ messages: object[] }>();
    expect(left.messages).toMatchObject([{ text: 'Half time' }]);
    expect((await as('ada', 'DELETE', `${path}/chat/${id}`)).status).toBe(404);
    await logWith(1, ({ entry }) => entry.action === 'message.removed' && entry.target?.id === id);
  });

  it('opens to a new follower at once, while they sit in it', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PATCH', `/api/v1/streams/${stream.id}/room`, { followersOnlyMinutes: 0 });
    const ben = await comeIn('ben', stream);
    ben.send(say('a', 'Hello'));
    expect(await ben.hears('refused')).toMatchObject({ code: 'followers_only' });
    await as('ben', 'PUT', `/api/v1/channels/${stream.channelId}/follow`);
    ben.send(say('b', 'Hello'));
    await ben.hears('accepted');
  });
});

describe('a socket ends within seconds', () => {
  /** Signed in as a browser is. */
  const browser = async (user: string): Promise<{ Cookie: string; Origin: string }> => {
    const response = await call('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: BASE },
      body: JSON.stringify({ user }),
    });
    return { Cookie: response.headers.get('Set-Cookie')!.split(';')[0]!, Origin: BASE };
  };
  const comeInBy = async (headers: Record<string, string>, { id }: CreatedStream): Promise<RoomClient> => {
    const response = await call(`/api/v1/streams/${id}/room/tickets`, { method: 'POST', headers });
    const { ticket } = await response.json<RoomTicket>();
    const client = await socketOf(`/api/v1/streams/${id}/room?v=1&ticket=${ticket}`);
    await client.hears('hello');
    return client;
  };

  it('when its browser signs out, and no other one', async () => {
    const stream = await openStream('ada');
    const [one, two] = [await browser('ben'), await browser('ben')];
    const [first, second] = [await comeInBy(one, stream), await comeInBy(two, stream)];
    const atMs = Date.now();
    expect((await call('/api/v1/session', { method: 'DELETE', headers: one })).status).toBe(204);
    expect(await first.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
    expect(Date.now() - atMs).toBeLessThan(5000);
    second.send(say('a', 'Still here'));
    await second.hears('accepted');
  });

  it('when its session is revoked from another browser', async () => {
    const stream = await openStream('ada');
    const [one, two] = [await browser('ben'), await browser('ben')];
    const client = await comeInBy(one, stream);
    expect((await call('/api/v1/sessions', { method: 'DELETE', headers: two })).status).toBe(204);
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });

  it('when a role on the channel is given or taken, and on the platform', async () => {
    const stream = await openStream('ada');
    const roles = `/api/v1/channels/${stream.channelId}/roles/us_ben0`;
    const viewer = await comeIn('ben', stream);
    await viewer.hears('hello');
    await as('ada', 'PUT', roles, { role: 'moderator' });
    expect(await viewer.hears('bye')).toMatchObject({ code: CLOSINGS.roles_changed[0] });
    const moderator = await comeIn('ben', stream);
    expect(await moderator.hears('hello')).toMatchObject({ you: { roles: ['channel_moderator'], mayModerate: true } });
    await as('ada', 'DELETE', roles);
    await moderator.hears('bye');
    const again = await comeIn('ben', stream);
    await again.hears('hello');
    await as('root', 'PATCH', '/api/v1/users/us_ben0', { role: 'moderator' });
    await again.hears('bye');
    await as('root', 'PATCH', '/api/v1/users/us_ben0', { role: 'viewer' });
  });

  it('when it signs in as somebody else', async () => {
    const stream = await openStream('ada');
    const headers = await browser('ben');
    const client = await comeInBy(headers, stream);
    const again = await call('/api/v1/session', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'ada' }),
    });
    expect(again.status).toBe(200);
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });

  it('when the app that opened it is deleted', async () => {
    const stream = await openStream('ada');
    const about = {
      name: 'A chat program',
      type: 'public',
      redirectUris: ['http://127.0.0.1/back'],
      scopes: ['chat:write'],
    };
    const { id: appId } = await (await as('ada', 'POST', '/api/v1/apps', about)).json<{ id: string }>();
    const token = await signAccessToken(await signingKey(env.TOKEN_KEY), {
      base: BASE,
      userId: castMember('ben')!.id,
      clientId: appId,
      scopes: ['chat:write'],
      nowSeconds: Math.floor(Date.now() / 1000),
      lifetimeSeconds: 600,
    });
    const client = await comeInBy({ Authorization: `Bearer ${token}` }, stream);
    const [hello] = client.heard;
    expect(hello).toMatchObject({ you: { maySend: true, mayModerate: false } });
    expect((await as('ada', 'DELETE', `/api/v1/apps/${appId}`)).status).toBe(204);
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });

  it('when its stream ends', async () => {
    const stream = await openStream('ada');
    const client = await comeIn('ben', stream);
    await client.hears('hello');
    await as('ada', 'DELETE', `/api/v1/streams/${stream.id}`);
    // The origin says so to the room.
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.room_closed[0] });
  });

  it('when its account is erased, whose words stay without it', async () => {
    const stream = await openStream('ada');
    const headers = await browser('cleo');
    const client = await comeInBy(headers, stream);
    client.send(say('a', 'I was here'));
    await client.hears('accepted');
    const erased = await call('/api/v1/users/me', {
      method: 'DELETE',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ confirm: 'cleo' }),
    });
    expect(erased.status, await erased.clone().text()).toBe(200);
    await client.hears('bye');
    const late = await socketOf(`/api/v1/streams/${stream.id}/room?v=1`);
    expect(await late.hears('hello')).toMatchObject({ backlog: [{ text: 'I was here', author: null }] });
    await vi.waitFor(async () => {
      const { messages }: { messages: Message[] } = await (
        await as(null, 'GET', `/api/v1/streams/${stream.id}/chat`)
      ).json();
      expect(messages).toMatchObject([{ text: 'I was here', author: null }]);
    });
    expect(await env.DB.prepare("SELECT count(*) AS n FROM room_visits WHERE user_id = 'us_cleo0'").first('n')).toBe(0);
  });
});
