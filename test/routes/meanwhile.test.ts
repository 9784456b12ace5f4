// What is decided about somebody between the look at what stands against them and their word: the room they are about to enter hears of it.
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { keepUser } from '../../src/storage/users.ts';
import { seeded } from './contract/table.ts';
import { comeInAs, line } from './room-client.ts';
import { as, openStream } from './support.ts';

const BAN = '/api/v1/bans/us_ben0';

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await as('mod', 'DELETE', BAN);
});

/** Once the bans of somebody have been read, and before whoever reads them has the answer, this is done. */
function afterBansAreRead(act: () => Promise<Response>): { done: () => number | null } {
  let status: number | null = null;
  let isTaken = false;
  const prepare = env.DB.prepare.bind(env.DB);
  vi.spyOn(env.DB, 'prepare').mockImplementation((query) => {
    const statement = prepare(query);
    if (isTaken || !/^select .* from "bans"/i.test(query)) return statement;
    isTaken = true;
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => {
      const bound = bind(...values);
      const raw = bound.raw.bind(bound) as () => Promise<unknown[]>;
      bound.raw = (async () => {
        const rows = await raw();
        status = (await act()).status;
        return rows;
      }) as typeof bound.raw;
      return bound;
    };
    return statement;
  });
  return { done: () => status };
}
const ban = () => as('mod', 'PUT', BAN, { seconds: null });
const history = async ({ id }: CreatedStream) =>
  (await (await as(null, 'GET', `/api/v1/streams/${id}/chat`)).json<{ messages: { text: string }[] }>()).messages;

it('a line by the API of somebody who is banned everywhere meanwhile is refused', async () => {
  const stream = await openStream('ada');
  const banned = afterBansAreRead(ban);
  const answer = await as('ben', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Just in time' });
  expect(banned.done()).toBe(200);
  expect(await answer.json()).toMatchObject({ code: 'banned' });
  expect(await history(stream)).toEqual([]);
});

it('a ticket of somebody who is banned everywhere meanwhile lets them in to read', async () => {
  const stream = await openStream('ada');
  const banned = afterBansAreRead(ban);
  const ben = await comeInAs(await seeded('ben'), stream);
  expect(banned.done()).toBe(200);
  ben.send(line('a', 'Just in time'));
  expect(await ben.hears('refused')).toMatchObject({ clientId: 'a', code: 'banned' });
  expect(await history(stream)).toEqual([]);
});
