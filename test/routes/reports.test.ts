import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { forgetOldRecords } from '../../src/jobs/old-records.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Message, RoomTicket } from '../../src/protocol/chat.ts';
import type { Report, ReportMade } from '../../src/protocol/reports.ts';
import { keepUser } from '../../src/storage/users.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { logWith } from '../jobs/audit-support.ts';
import { type Person, person, send } from './contract/table.ts';
import { as, BASE, openStream, problemOf } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

async function comeIn(handle: string, { id }: CreatedStream): Promise<RoomClient> {
  const ticket = await as(handle, 'POST', `/api/v1/streams/${id}/room/tickets`);
  const { socketUrl } = await ticket.json<RoomTicket>();
  const url = BASE + socketUrl.replace(/^ws:\/\/[^/]+/, '');
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  return new RoomClient(webSocket!);
}

const SYLLABLES = ['lor', 'bim', 'den', 'gov', 'hal', 'jup', 'nep', 'ras'];
/** Different for each number, and nothing that a judge could mind. */
const words = (number: number): string =>
  [...(512 + number).toString(8)].map((digit) => SYLLABLES[Number(digit)]).join('');

/** So many lines, each of somebody new, so that nobody speaks too fast. */
async function talk({ id }: CreatedStream, lines: number): Promise<{ who: Person; message: Message }[]> {
  const said: { who: Person; message: Message }[] = [];
  for (let index = 0; index < lines; index++) {
    const who = await person();
    const body = { text: words(index), mediaTimeMs: 1_000_000 + index };
    const answer = await send({ method: 'post', path: `/api/v1/streams/${id}/chat`, as: who, body });
    said.push({ who, message: await answer.json() });
  }
  return said;
}
const oneLine = async (stream: CreatedStream): Promise<Message> => (await talk(stream, 1))[0]!.message;
const report = (who: string, { id }: CreatedStream, messageId: string, body: object = { reason: 'hate' }) =>
  as(who, 'POST', `/api/v1/streams/${id}/chat/${messageId}/reports`, body);
const listOf = async ({ channelId }: CreatedStream, query = '', who = 'ada'): Promise<Report[]> => {
  const response = await as(who, 'GET', `/api/v1/channels/${channelId}/reports${query}`);
  return (await response.json<{ reports: Report[] }>()).reports;
};
const answer = (who: string, { channelId }: CreatedStream, id: string, outcome = 'acted') =>
  as(who, 'PUT', `/api/v1/channels/${channelId}/reports/${id}/answer`, { outcome, note: 'Seen to' });

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('a report', () => {
  it('keeps the message with 20 before and 20 after it, also when it is removed then or was before', async () => {
    const stream = await openStream('ada');
    const said = await talk(stream, 43);
    const { message, who } = said[21]!;
    const path = `/api/v1/streams/${stream.id}/chat`;
    await send({ method: 'delete', path: `${path}/${said[20]!.message.id}`, as: said[20]!.who });
    const made = await report('ben', stream, message.id, { reason: 'hate', text: 'He means me' });
    expect(made.status).toBe(201);
    expect(await made.json<ReportMade>()).toMatchObject({ messageId: message.id, reason: 'hate', text: 'He means me' });
    await send({ method: 'delete', path: `${path}/${message.id}`, as: who });
    const [kept] = await listOf(stream);
    expect(kept).toMatchObject({
      messageId: message.id,
      streamId: stream.id,
      author: { id: who.id },
      mediaTimeMs: 1_000_021,
      count: 1,
      complaints: [{ reason: 'hate', text: 'He means me', by: null }],
      isEscalated: false,
      answer: null,
    });
    expect(kept!.context.map(({ text }) => text)).toEqual(said.slice(1, 42).map(({ message: { text } }) => text));
    expect(kept!.context[19]).toMatchObject({ isRemoved: true, author: { id: said[20]!.who.id } });
    expect(kept!.context[20]).toMatchObject({ id: message.id, isRemoved: false });
  });

  it('is one with a count, however many people complain; each of them once', async () => {
    const stream = await openStream('ada');
    const message = await oneLine(stream);
    const first = await (await report('ben', stream, message.id)).json<ReportMade>();
    expect((await report('cleo', stream, message.id, { reason: 'threat' })).status).toBe(201);
    const again = await report('ben', stream, message.id, { reason: 'spam' });
    expect([again.status, await again.json()]).toEqual([200, first]);
    const [kept, ...others] = await listOf(stream);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ id: first.id, count: 2 });
    expect(kept!.complaints.map(({ reason }) => reason)).toEqual(['threat', 'hate']);
  });

  it('has what came after it filled in by whoever complains later', async () => {
    const stream = await openStream('ada');
    const [first] = await talk(stream, 1);
    await report('ben', stream, first!.message.id);
    expect((await listOf(stream))[0]!.context).toHaveLength(1);
    await talk(stream, 3);
    await report('cleo', stream, first!.message.id);
    expect((await listOf(stream))[0]!.context).toHaveLength(4);
  });

  it('is told to moderators in the room at once, with how many are open, and to nobody else', async () => {
    const stream = await openStream('ada');
    const [ada, cleo] = [await comeIn('ada', stream), await comeIn('cleo', stream)];
    const message = await oneLine(stream);
    const { id } = await (await report('ben', stream, message.id)).json<ReportMade>();
    expect(await ada.hears('reported')).toMatchObject({
      reportId: id,
      messageId: message.id,
      streamId: stream.id,
      state: 'open',
      count: 1,
      open: 1,
    });
    await answer('ada', stream, id);
    expect(await ada.hears('reported', ({ state }) => state === 'closed')).toMatchObject({ reportId: id, open: 0 });
    // A complaint about what is answered opens nothing.
    await report('mod', stream, message.id);
    expect(await ada.hears('reported', ({ count }) => count === 2)).toMatchObject({ state: 'closed', open: 0 });
    expect(cleo.heard.filter(({ kind }) => kind === 'reported')).toEqual([]);
  });

  it('is answered once: the next moderator is told who was faster', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
    const message = await oneLine(stream);
    const { id } = await (await report('cleo', stream, message.id)).json<ReportMade>();
    const [one, other] = await Promise.all([answer('ada', stream, id), answer('ben', stream, id, 'dismissed')]);
    const [won, lost] = one.ok ? [one, other] : [other, one];
    const { answer: given } = await won.json<Report>();
    const problem = await problemOf(lost);
    expect(problem).toMatchObject({ status: 409, code: 'conflict' });
    expect(problem.detail).toContain(given!.by!.name);
    expect(await listOf(stream)).toEqual([]);
    expect((await listOf(stream, '?state=closed'))[0]).toMatchObject({ id, answer: given });
    // Whoever complains now is counted, and opens nothing.
    await report('mod', stream, message.id);
    expect(await listOf(stream)).toEqual([]);
    expect((await listOf(stream, '?state=closed'))[0]).toMatchObject({ id, count: 2 });
    const rows = await logWith(1, ({ entry }) => entry.target?.id === id);
    expect(rows[0]).toMatchObject({ entry: { action: 'report.answered' }, facts: { reason: 'Seen to' } });
  });

  it('about oneself or an equal is answered by nobody but those above', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
    const said = await as('ben', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'You there' });
    const { id: messageId } = await said.json<Message>();
    const { id } = await (await report('cleo', stream, messageId)).json<ReportMade>();
    expect(await problemOf(await answer('ben', stream, id, 'dismissed'))).toMatchObject({ status: 403 });
    expect((await answer('ada', stream, id)).status).toBe(200);
  });

  it('that nobody answers within a day goes to the moderators of the platform, who see who complains', async () => {
    const stream = await openStream('ada');
    const message = await oneLine(stream);
    const { id } = await (await report('ben', stream, message.id)).json<ReportMade>();
    const escalated = async (): Promise<Report[]> => {
      const response = await as('mod', 'GET', '/api/v1/reports?escalated=true&limit=30');
      return (await response.json<{ reports: Report[] }>()).reports.filter((one) => one.id === id);
    };
    expect(await escalated()).toEqual([]);
    const { reports } = await (await as('mod', 'GET', '/api/v1/reports')).json<{ reports: Report[] }>();
    expect(reports.find((one) => one.id === id)).toMatchObject({ complaints: [{ by: { handle: 'ben' } }] });
    const dayAgo = Date.now() - 24 * 3_600_000;
    await env.DB.prepare('UPDATE reports SET reported_at_ms = ? WHERE id = ?').bind(dayAgo, id).run();
    expect(await escalated()).toMatchObject([{ isEscalated: true }]);
    expect((await listOf(stream))[0]).toMatchObject({ isEscalated: true });
    const body = { outcome: 'dismissed' };
    expect((await as('mod', 'PUT', `/api/v1/reports/${id}/answer`, body)).status).toBe(200);
    expect(await escalated()).toEqual([]);
  });

  it('comes in pages, the newest first', async () => {
    const stream = await openStream('ada');
    const said = await talk(stream, 5);
    for (const { message } of said) await report('ben', stream, message.id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path: string = `/api/v1/channels/${stream.channelId}/reports?limit=2${cursor && `&cursor=${cursor}`}`;
      const page: { reports: Report[]; nextCursor: string | null } = await (await as('ada', 'GET', path)).json();
      seen.push(...page.reports.map(({ messageId }) => messageId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(said.map(({ message }) => message.id).reverse());
  });

  it('is not made of what was never said there, nor by who may not come in', async () => {
    const [stream, other] = [await openStream('ada'), await openStream('cleo')];
    const message = await oneLine(stream);
    expect((await report('ben', other, message.id)).status).toBe(404);
    const hidden = await openStream('ada', { visibility: 'private' });
    const said = await as('ada', 'POST', `/api/v1/streams/${hidden.id}/chat`, { text: 'Among us' });
    const { id } = await said.json<Message>();
    expect((await report('ben', hidden, id)).status).toBe(404);
  });

  it('goes when it is old: answered ones after 90 days, the others after 180', async () => {
    const stream = await openStream('ada');
    const said = await talk(stream, 4);
    const made: string[] = [];
    for (const { message } of said.slice(0, 3))
      made.push((await (await report('ben', stream, message.id)).json<ReportMade>()).id);
    await answer('ada', stream, made[0]!);
    const daysAgo = (days: number) => Date.now() - days * 24 * 3_600_000;
    const set = (id: string, column: string, atMs: number) =>
      env.DB.prepare(`UPDATE reports SET ${column} = ? WHERE id = ?`).bind(atMs, id).run();
    await set(made[0]!, 'answered_at_ms', daysAgo(91));
    await set(made[1]!, 'reported_at_ms', daysAgo(181));
    await set(made[2]!, 'reported_at_ms', daysAgo(100));
    await report('ben', stream, said[3]!.message.id);
    await forgetOldRecords(env, Date.now());
    const { results } = await env.DB.prepare('SELECT id FROM reports WHERE channel_id = ?')
      .bind(stream.channelId)
      .all<{ id: string }>();
    const left = results.map(({ id }) => id);
    expect(left).toHaveLength(2);
    expect(left).toContain(made[2]);
  });
});
