// What rooms keep of people who have never been in them: it goes with the people, and by itself.
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { keepUser } from '../../src/storage/users.ts';
import { person, send } from './contract/table.ts';
import { comeInAs } from './room-client.ts';
import { as, openStream } from './support.ts';

const roomOf = ({ id }: CreatedStream) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id));
/** All that lies in a room, as text. */
const keptIn = (stream: CreatedStream): Promise<string> =>
  runInDurableObject(roomOf(stream), (_room, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      )
      .toArray();
    return JSON.stringify(tables.map(({ name }) => storage.sql.exec(`SELECT * FROM "${name}"`).toArray()));
  });
const block = async (whom: string) => {
  const who = await person();
  await send({ method: 'put', path: `/api/v1/users/me/blocks/${whom}`, as: who });
  return who;
};

beforeEach(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('what a room keeps of somebody who has never been there', () => {
  it('is gone when they leave Footlight: blocks, and bans on a channel and everywhere', async () => {
    const [blocked, banned, reached] = [await openStream('ada'), await openStream('ben'), await openStream('mod')];
    await comeInAs(await block('us_cleo0'), blocked);
    await as('ben', 'PUT', `/api/v1/channels/${banned.channelId}/bans/us_cleo0`, { seconds: null });
    // A second account of the same browser or network sits there.
    await env.DB.prepare("INSERT INTO sightings VALUES ('us_cleo0', 'her network', ?)").bind(Date.now()).run();
    const second = await person();
    await comeInAs(second, reached);
    await env.DB.prepare("INSERT INTO sightings VALUES (?, 'her network', ?)").bind(second.id, Date.now()).run();
    await as('mod', 'PUT', '/api/v1/bans/us_cleo0', { seconds: null, network: true });
    for (const stream of [blocked, banned, reached]) expect(await keptIn(stream)).toContain('us_cleo0');
    expect((await as('cleo', 'DELETE', '/api/v1/users/me', { confirm: 'cleo' })).status).toBe(200);
    for (const stream of [blocked, banned, reached]) expect(await keptIn(stream)).not.toContain('us_cleo0');
  });

  it('is gone by itself when whoever it was kept for has come in anew or left', async () => {
    const stream = await openStream('ada');
    await comeInAs(await block('us_ben0'), stream);
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/bans/us_ben0`, { seconds: null, network: true });
    await runDurableObjectAlarm(roomOf(stream));
    expect(await keptIn(stream)).toMatch(/us_ben0.*us_ben0/);
    await runInDurableObject(roomOf(stream), (_room, { storage }) => {
      for (const table of ['hidden_from', 'restraints'])
        storage.sql.exec(`UPDATE ${table} SET at_ms = at_ms - ?`, 12 * 3_600_000);
    });
    await runDurableObjectAlarm(roomOf(stream));
    expect(await keptIn(stream)).not.toContain('us_ben0');
  });
});
