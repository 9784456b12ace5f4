import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { hashSecret } from '../../src/auth/secrets.ts';
import { chainWaiting } from '../../src/jobs/audit.ts';
import { deleteErasedMedia } from '../../src/jobs/erased-media.ts';
import type { AccountExport, ErasureReceipt } from '../../src/protocol/account.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import { countPending } from '../../src/storage/audit-trail.ts';
import { IMPERSONAL_DATA, PERSONAL_DATA } from '../../src/storage/personal-data.ts';
import { entry, logWith, readLog, sqlOn, verifyLog } from '../jobs/audit-support.ts';
import { botTokenOf, registerApp, withToken } from './oauth-support.ts';
import { as, authorize, call, openStream, problemOf } from './support.ts';

let stream: CreatedStream;
let receipt: ErasureReceipt;
/** Of ada's bot. */
let ofBot: CreatedStream;
let bot: RegisteredApp;
let botToken: string;
/** Of cleo; ada gave it her upvote. */
let upvoted: CreatedStream;

/** Every text in every table. */
async function everything(): Promise<string> {
  const tables = [...PERSONAL_DATA.map(({ table }) => table), ...Object.keys(IMPERSONAL_DATA)];
  const rows = await Promise.all(tables.map((table) => sqlOn(`SELECT * FROM ${table}`)));
  return JSON.stringify(rows.map(({ results }) => results));
}

beforeAll(async () => {
  stream = await openStream('ada', { title: 'Adalovelace on air' });
  await as('ada', 'PATCH', '/api/v1/users/me', { name: 'Adalovelace' });
  await as('ada', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'My own words' });
  await as('ben', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Words of ben' });
  await as('ben', 'PUT', `/api/v1/channels/${stream.channelId}/follow`);
  await as('ada', 'PATCH', '/api/v1/users/us_ben0', { role: 'admin' });
  await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'vip' });
  const other = await openStream('ben');
  await as('ada', 'PUT', `/api/v1/channels/${other.channelId}/follow`);
  // Somebody else's entry that mentions her by her id.
  await as('root', 'PATCH', '/api/v1/users/us_ada0', { role: 'moderator' });
  await env.MEDIA.put(`streams/${stream.id}/720p/g1/0.m4s`, 'her picture');
  const scopes = ['streams:read', 'streams:write', 'channel:manage:keys'];
  bot = await registerApp({ name: 'Adalovelace at night', scopes });
  botToken = await botTokenOf(bot);
  ofBot = await (
    await withToken(botToken, '/api/v1/streams', 'POST', { title: 'Adalovelace by night' })
  ).json<CreatedStream>();
  await as('ben', 'PUT', `/api/v1/channels/${other.channelId}/roles/${bot.botId}`, { role: 'vip' });
  await sqlOn(
    `INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at_ms)
     VALUES ('wh_ofbot', '${bot.botId}', 'https://hooks.test/', '[]', '', 0, 1)`,
  );
  await env.MEDIA.put(`streams/${ofBot.id}/720p/g1/0.m4s`, 'the picture of her bot');
  await env.MEDIA.put(`streams/${other.id}/720p/g1/0.m4s`, 'the picture of ben');
  // What names her, or her bot, in its facts alone; bans on both; and an upvote in a room where she has never been.
  await as('ben', 'PUT', `/api/v1/channels/${other.channelId}/bans/us_ada0`, { seconds: null });
  await as('ben', 'PUT', `/api/v1/channels/${other.channelId}/bans/${bot.botId}`, { seconds: null });
  for (const id of ['us_ada0', bot.botId!]) {
    await env.AUDIT.send(
      entry(`names${id.slice(3)}`, {
        actor: { kind: 'system', id: null, appId: null },
        action: 'message.held',
        target: { type: 'message', id: 'ms_abcd' },
        before: null,
        after: { streamId: other.id, authorId: id },
      }),
    );
  }
  upvoted = await openStream('cleo');
  await as('ada', 'PUT', `/api/v1/streams/${upvoted.id}/upvote`);
  await as('ben', 'PUT', `/api/v1/streams/${upvoted.id}/upvote`);
  // What was said is in the database by then, and alone leads to the room.
  await as('ada', 'GET', `/api/v1/streams/${stream.id}/chat`);
  await sqlOn('DELETE FROM room_visits');
  await logWith(2, ({ entry: { action } }) => action === 'message.held');
  await logWith(20);
});

describe('an export', () => {
  it('has what is held of the person, and of nobody else', async () => {
    const response = await as('ada', 'GET', '/api/v1/users/me/export');
    expect(response.status).toBe(200);
    const mine: AccountExport = await response.json();
    expect(mine.users).toMatchObject([{ id: 'us_ada0', handle: 'ada', name: 'Adalovelace' }, { id: bot.botId }]);
    expect(mine.messages).toMatchObject([{ text: 'My own words' }]);
    expect(mine.streams).toMatchObject([{ id: stream.id, title: 'Adalovelace on air' }, { id: ofBot.id }]);
    const hints = [stream, ofBot].map(({ streamKey }) => ({ hint: streamKey!.slice(-4) }));
    expect(mine.streamKeys).toMatchObject(hints);
    expect(mine.auditEvents!.length).toBeGreaterThan(3);
    expect(JSON.stringify(mine.auditDetails)).toContain('Adalovelace on air');
    expect(JSON.stringify(mine)).not.toMatch(/Words of ben|us_root0/);
    expect(Object.keys(mine)).toEqual(
      expect.arrayContaining(['exportedAt', 'users', 'channels', 'streams', 'follows', 'messages', 'channelRoles']),
    );
  });

  it('is whole, however much there is', async () => {
    const rows = Array.from(
      { length: 1203 },
      (_, index) => `('ms_many${index}', '${stream.id}', 'us_cleo0', 'm', ${index})`,
    );
    await as('cleo', 'GET', '/api/v1/users/me');
    await sqlOn(`INSERT INTO messages (id, stream_id, author_id, text, sent_at_ms) VALUES ${rows.join(',')}`);
    const mine: AccountExport = await (await as('cleo', 'GET', '/api/v1/users/me/export')).json();
    expect(new Set(mine.messages!.map(({ id }) => id)).size).toBe(1203);
  });
});

describe('an erasure', () => {
  it('is for the person alone, and not by mistake', async () => {
    expect((await as(null, 'DELETE', '/api/v1/users/me', { confirm: 'ada' })).status).toBe(401);
    const refusal = await problemOf(await as('ada', 'DELETE', '/api/v1/users/me', { confirm: 'ben' }));
    expect(refusal).toMatchObject({ code: 'invalid_request', issues: [{ path: 'confirm' }] });
    expect((await as('ada', 'DELETE', '/api/v1/users/me')).status).toBe(400);
    expect((await as('ada', 'GET', '/api/v1/users/me')).status).toBe(200);
  });

  it('answers with a receipt that needs no account to be read', async () => {
    const response = await as('ada', 'DELETE', '/api/v1/users/me', { confirm: 'ada' });
    expect(response.status).toBe(200);
    receipt = await response.json();
    expect(receipt.counts).toMatchObject({
      users: 2,
      messages: 1,
      stream_keys: 2,
      streams: 2,
      channels: 2,
      channel_roles: 2,
      webhooks: 1,
      audit_people: 2,
    });
    expect(receipt.counts.follows).toBe(2);
    expect(receipt.counts.audit_details).toBeGreaterThan(4);
    const again = await as(null, 'GET', `/api/v1/erasures/${receipt.id}`);
    expect(await again.json()).toEqual(receipt);
    expect((await as(null, 'GET', '/api/v1/erasures/er_nothing')).status).toBe(404);
  });

  it('reaches what is said of the person and their bots by others: bans, facts of the log, and counts in open rooms', async () => {
    expect((await sqlOn('SELECT * FROM bans')).results).toEqual([]);
    expect(JSON.stringify((await sqlOn('SELECT facts FROM audit_details')).results)).not.toMatch(
      new RegExp(`us_ada0|${bot.botId}`),
    );
    const tally = await as(null, 'GET', `/api/v1/streams/${upvoted.id}/room/tally`);
    expect(await tally.json()).toMatchObject({ upvotes: 1 });
  });

  it('makes every credential void at once, ends the streams and frees nobody else', async () => {
    for (const path of ['/api/v1/users/me', '/api/v1/channels', '/api/v1/users/me/export']) {
      expect((await as('ada', 'GET', path)).status, path).toBe(401);
    }
    expect((await as('ada', 'POST', '/api/v1/streams', { title: 'Back' })).status).toBe(401);
    expect((await authorize(stream.streamKey!)).status).toBe(401);
    expect((await withToken(botToken)).status).toBe(401);
    expect((await authorize(ofBot.streamKey!)).status).toBe(401);
    const botStream = await as('root', 'GET', `/api/v1/streams/${ofBot.id}`);
    expect(await botStream.json()).toMatchObject({ state: 'ended', visibility: 'private', title: 'Removed stream' });
    expect(await (await as('root', 'GET', `/api/v1/streams/${stream.id}`)).json()).toMatchObject({ state: 'ended' });
    expect((await as(null, 'GET', `/api/v1/streams/${stream.id}`)).status).toBe(404);
    expect((await as(null, 'GET', '/api/v1/users/us_ada0')).status).toBe(404);
    expect(await (await as(null, 'GET', '/api/v1/users?handle=ada')).json()).toEqual({ users: [] });
    expect((await as('ben', 'GET', '/api/v1/users/me')).status).toBe(200);
  });

  it('is not undone by a sign-in or a stream that was under way', async () => {
    const secret = 'A'.repeat(43);
    const cookie = { headers: { Cookie: `footlight=${secret}` } };
    const late = async (table: string, values: Record<string, string | number>) => {
      const columns = Object.keys(values);
      await env.DB.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`)
        .bind(...Object.values(values))
        .run();
    };
    const session = { id: 'bs_late', secret_hash: await hashSecret(secret), device: '', created_at_ms: 1 };
    const times = { last_used_at_ms: Date.now(), expires_at_ms: Date.now() + 60_000 };
    const userOf = async () => (await (await call('/api/v1/session', cookie)).json<{ user: unknown }>()).user;
    await late('sessions', { ...session, ...times, user_id: 'us_ben0' });
    expect(await userOf()).toMatchObject({ id: 'us_ben0' });
    await sqlOn(`UPDATE sessions SET user_id = 'us_ada0' WHERE id = 'bs_late'`);
    expect(await userOf()).toBeNull();
    await sqlOn(`DELETE FROM sessions WHERE id = 'bs_late'`);
    for (const [key, channelId] of [
      ['sk_late1', stream.channelId],
      ['sk_late2', ofBot.channelId],
    ] as const) {
      await late('stream_keys', {
        key_hash: await hashSecret(key),
        channel_id: channelId,
        hint: 'late',
        created_at_ms: 1,
      });
      expect((await authorize(key)).status).toBe(401);
    }
    await sqlOn(`DELETE FROM stream_keys WHERE hint = 'late'`);
  });

  it('leaves what was said without its author', async () => {
    const { messages } = await (await as('root', 'GET', `/api/v1/streams/${stream.id}/chat?limit=2`)).json<{
      messages: { text: string; author: { name: string } | null }[];
    }>();
    expect(messages.map(({ text, author }) => [text, author?.name ?? null])).toEqual([
      ['Words of ben', 'Ben'],
      ['My own words', null],
    ]);
  });

  it('leaves the log whole, with the erasure in it, and the name nowhere', async () => {
    const [erased] = await logWith(1, ({ entry }) => entry.action === 'user.erased');
    expect(erased!.facts?.after).toEqual({ erasure: receipt.id, entriesBlanked: receipt.counts.audit_details });
    expect(erased!.entry.actor.id).toMatch(/^pp_/);
    expect(await verifyLog()).toEqual([]);
    expect((await readLog()).filter(({ proof }) => proof.erasedBy === receipt.id)).toHaveLength(
      receipt.counts.audit_details!,
    );
    const all = await everything();
    expect(all).not.toMatch(/Adalovelace|"ada"/);
    expect(all).toContain('Words of ben');
    // The id is left only as the owner of what has no name any more.
    const ids = (await sqlOn(`SELECT group_concat(entry) AS text FROM audit_events`)).results[0] as { text: string };
    expect(ids.text).not.toContain('us_ada0');
  });

  it('shows in the log as somebody who is no longer known', async () => {
    const page = await (await as('root', 'GET', '/api/v1/audit?action=user.erased')).json<{ events: object[] }>();
    expect(page.events).toMatchObject([{ actor: { id: expect.stringMatching(/^pp_/), name: null } }]);
  });

  it('is not undone by what comes late', async () => {
    const before = (await readLog()).length;
    await env.AUDIT.send({
      id: 'au_late1',
      atMs: Date.now(),
      actor: { kind: 'user', id: 'us_ada0', appId: null },
      action: 'stream.updated',
      target: { type: 'user', id: 'us_ada0' },
      before: { name: 'Adalovelace' },
      after: null,
      reason: 'Adalovelace wanted it',
      requestId: null,
      network: '192.0.2.0/24',
    } as never);
    await logWith(before + 1);
    const [late] = (await readLog()).slice(-1);
    expect(late!.entry.actor.id).toBe('unknown');
    expect(await everything()).not.toContain('Adalovelace');
    expect(await verifyLog()).toEqual([]);
  });

  it('reaches the media, once the last segments have settled', async () => {
    await deleteErasedMedia(env, Date.now());
    expect(await env.MEDIA.head(`streams/${stream.id}/720p/g1/0.m4s`)).not.toBeNull();
    await deleteErasedMedia(env, Date.now() + 61_000);
    for (const { id } of [stream, ofBot]) expect(await env.MEDIA.head(`streams/${id}/720p/g1/0.m4s`)).toBeNull();
    expect((await sqlOn('SELECT * FROM erased_media')).results).toEqual([]);
    expect((await env.MEDIA.list()).objects).toHaveLength(1);
  });
});

describe('the media of those who left', () => {
  const left = (count: number) =>
    sqlOn(
      `INSERT INTO erased_media (stream_id, erased_at_ms) VALUES ${Array.from({ length: count }, (_, index) => `('st_left${index}', ${index})`).join(',')}`,
    );
  const remaining = async () => (await sqlOn('SELECT * FROM erased_media')).results;

  it('goes in one run, however many streams there were, and what fails keeps nobody waiting', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await left(30);
    const list = (options: R2ListOptions) =>
      options.prefix?.includes('st_left0') ? Promise.reject(new Error('out of order')) : env.MEDIA.list(options);
    const bucket = { list, delete: (keys: string[]) => env.MEDIA.delete(keys) } as unknown as R2Bucket;
    await deleteErasedMedia({ DB: env.DB, MEDIA: bucket }, Date.now());
    expect(await remaining()).toMatchObject([{ stream_id: 'st_left0' }]);
    expect(complaint.mock.calls.join()).toContain('st_left0');
    complaint.mockRestore();
    await deleteErasedMedia(env, Date.now() + 1);
    expect(await remaining()).toEqual([]);
  });

  it('is deleted in pages up to the measure of a run, and the next run begins with what was not tried', async () => {
    await left(2);
    let pages = 0;
    const asked = new Set<string>();
    const endless = {
      list: async ({ prefix }: R2ListOptions) => {
        pages += 1;
        asked.add(prefix!);
        return { objects: [{ key: `${prefix}1` }], truncated: true };
      },
      delete: async () => undefined,
    } as unknown as R2Bucket;
    await deleteErasedMedia({ DB: env.DB, MEDIA: endless }, Date.now());
    expect([pages, [...asked]]).toEqual([200, ['streams/st_left0/']]);
    await deleteErasedMedia({ DB: env.DB, MEDIA: endless }, Date.now() + 1);
    expect([pages, [...asked]]).toEqual([400, ['streams/st_left0/', 'streams/st_left1/']]);
    await sqlOn('DELETE FROM erased_media');
  });
});

describe('the signature of an erasure', () => {
  it('is stored with it, and waits for the log where the queue is away', async () => {
    await as('cleo', 'PATCH', '/api/v1/users/me', { name: 'Cleopatra' });
    await logWith(1, ({ entry }) => entry.action === 'user.changed' && entry.actor.id !== 'unknown');
    await vi.waitFor(async () => expect(JSON.stringify(await readLog())).toContain('Cleopatra'));
    // Neither taken nor refused: as when the Worker dies with the answer.
    const queue = vi.spyOn(env.AUDIT, 'send').mockReturnValue(new Promise(() => {}));
    const response = await as('cleo', 'DELETE', '/api/v1/users/me', { confirm: 'cleo' });
    const { id, counts } = await response.json<ErasureReceipt>();
    expect(await countPending(env.DB)).toMatchObject({ waiting: 1 });
    expect(await verifyLog()).toMatchObject([{ kind: 'pending', detail: expect.stringContaining(id) }]);
    queue.mockRestore();
    await chainWaiting(env);
    expect(await verifyLog()).toEqual([]);
    const signed = (await readLog()).at(-1)!;
    expect(signed.entry.action).toBe('user.erased');
    expect(signed.facts?.after).toEqual({ erasure: id, entriesBlanked: counts.audit_details });
  });
});
