// Who comes into the room of a stream that is not for everybody, for how long, and what a stranger can learn of it.
import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { signPass, viewingKey } from '../../src/auth/viewing-pass.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { CLOSINGS } from '../../src/protocol/chat/closing.ts';
import type { RoomTicket } from '../../src/protocol/chat.ts';
import type { ViewingPass } from '../../src/protocol/viewing.ts';
import { keepUser } from '../../src/storage/users.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { as, BASE, call, openStream, problemOf } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

const upgrade = ({ id }: Pick<CreatedStream, 'id'>, query: string, headers: Record<string, string> = {}) =>
  worker.fetch(
    new Request(`${BASE}/api/v1/streams/${id}/room?${query}`, { headers: { Upgrade: 'websocket', ...headers } }),
  );
const roomOf = ({ id }: CreatedStream) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id));

async function privateStream(): Promise<CreatedStream> {
  const stream = await openStream('ada', { visibility: 'private' });
  expect((await as('ada', 'PUT', `/api/v1/streams/${stream.id}/members/ben`)).status).toBe(200);
  return stream;
}
async function browserOf(user: string): Promise<{ Cookie: string; Origin: string }> {
  const headers = { 'Content-Type': 'application/json', Origin: BASE };
  const response = await call('/api/v1/session', { method: 'POST', headers, body: JSON.stringify({ user }) });
  return { Cookie: response.headers.get('Set-Cookie')!.split(';')[0]!, Origin: BASE };
}
const passOf = async (handle: string | null, { id }: CreatedStream, body: object = {}): Promise<ViewingPass> =>
  (await as(handle, 'POST', `/api/v1/streams/${id}/pass`, body)).json();

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('the room of a gated stream', () => {
  it('is not opened by a cookie alone: the socket would not end when its session does', async () => {
    const stream = await privateStream();
    const ben = await browserOf('ben');
    expect((await upgrade(stream, 'v=1', ben)).status).toBe(404);
    const ticket = await call(`/api/v1/streams/${stream.id}/room/tickets`, { method: 'POST', headers: ben });
    const { webSocket } = await upgrade(stream, `v=1&ticket=${(await ticket.json<RoomTicket>()).ticket}`);
    const client = new RoomClient(webSocket!);
    await client.hears('hello');
    await call('/api/v1/session', { method: 'DELETE', headers: ben });
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });

  it('is open to a pass for as long as the pass is good, by a ticket too', async () => {
    const stream = await openStream('ada', { visibility: 'password', password: 'limelight' });
    const { pass, expiresAt } = await passOf(null, stream, { password: 'limelight' });
    const ends = async () =>
      runInDurableObject(roomOf(stream), (_room, { storage }) =>
        storage.sql.exec<{ expires_at_ms: number }>('SELECT expires_at_ms FROM visits').toArray(),
      );
    const byPass = new RoomClient((await upgrade(stream, `v=1&pass=${pass}`)).webSocket!);
    expect(await byPass.hears('hello')).toMatchObject({ you: null });
    const response = await as(null, 'POST', `/api/v1/streams/${stream.id}/room/tickets?pass=${pass}`);
    const { ticket } = await response.json<RoomTicket>();
    await new RoomClient((await upgrade(stream, `v=1&ticket=${ticket}`)).webSocket!).hears('hello');
    expect(await ends()).toEqual([{ expires_at_ms: Date.parse(expiresAt) }, { expires_at_ms: Date.parse(expiresAt) }]);
  });

  it('is open for no longer to somebody who is signed in and came by a pass, and as ever to who needs none', async () => {
    const stream = await openStream('ada', { visibility: 'password', password: 'limelight' });
    const expiresAtMs = Date.now() + 30_000;
    const pass = await signPass(await viewingKey(env.VIEWING_KEY), {
      streamId: stream.id,
      gateAtMs: Date.now(),
      expiresAtMs,
    });
    const endOf = async (handle: string): Promise<number> => {
      const response = await as(handle, 'POST', `/api/v1/streams/${stream.id}/room/tickets?pass=${pass}`);
      const { ticket } = await response.json<RoomTicket>();
      await new RoomClient((await upgrade(stream, `v=1&ticket=${ticket}`)).webSocket!).hears('hello');
      return runInDurableObject(roomOf(stream), (_room, { storage }) => {
        const visit = "SELECT expires_at_ms FROM visits WHERE guest ->> 'handle' = ?";
        return storage.sql.exec<{ expires_at_ms: number }>(visit, handle).one().expires_at_ms;
      });
    };
    expect(await endOf('cleo')).toBe(expiresAtMs);
    expect(await endOf('ada')).toBeGreaterThan(expiresAtMs);
  });

  it('is closed to its readers by pass when that has run out', async () => {
    const stream = await openStream('ada', { visibility: 'password', password: 'limelight' });
    const room = roomOf(stream);
    const query = { v: '1' };
    const place = { streamId: stream.id, streamState: stream.state };
    const ask = encodeURIComponent(JSON.stringify({ place, query, untilMs: Date.now() + 1200 }));
    const { webSocket } = await room.fetch(`https://room/?ask=${ask}`, { headers: { Upgrade: 'websocket' } });
    const client = new RoomClient(webSocket!);
    await client.hears('hello');
    expect(await client.hears('bye')).toMatchObject({ code: CLOSINGS.signed_out[0] });
  });
});

describe('the room of a private stream', () => {
  it('answers a stranger as if there were none: with another version, full, and with what opens nothing', async () => {
    const stream = await privateStream();
    const answerOf = async (of: Pick<CreatedStream, 'id'>, query: string) => {
      const response = await upgrade(of, query);
      const { status, code, detail } = await problemOf(response);
      return [status, code, detail.replace(of.id, 'it')];
    };
    const nowhere = { id: 'st_nowhere' as CreatedStream['id'] };
    const queries = ['v=9', 'v=1', '', 'v=9&ticket=rk_nonsense', 'v=9&resume=rr_nonsense', 'v=1&ticket=rk_nonsense'];
    const asked = async () => {
      for (const query of queries) expect(await answerOf(stream, query), query).toEqual(await answerOf(nowhere, query));
    };
    await asked();
    await runInDurableObject(roomOf(stream), (object) => {
      Object.defineProperty(object, 'env', { value: { ...env, ROOM_SOCKETS_MAX: '0' } });
    });
    await asked();
  });

  it('does not use a ticket up that it cannot honour at this moment', async () => {
    const stream = await privateStream();
    const { ticket }: RoomTicket = await (await as('ben', 'POST', `/api/v1/streams/${stream.id}/room/tickets`)).json();
    const room = roomOf(stream);
    await runInDurableObject(room, (object) => {
      Object.defineProperty(object, 'env', { value: { ...env, ROOM_SOCKETS_MAX: '0' }, configurable: true });
    });
    expect((await upgrade(stream, `v=1&ticket=${ticket}`)).status).toBe(503);
    await runInDurableObject(room, (object) => {
      Object.defineProperty(object, 'env', { value: env, configurable: true });
    });
    expect((await upgrade(stream, `v=1&ticket=${ticket}`)).status).toBe(101);
  });
});
