// The document as the source of tests: every answer that it names is brought about at every door, and held against it.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiDocument, doorsOf } from '../../../src/routes/openapi/document.ts';
import { codesOf } from '../../../src/routes/openapi/refusals.ts';
import { call } from '../support.ts';
import { complaintsAbout } from './answers.ts';
import { appeals } from './appeals.ts';
import { apps } from './apps.ts';
import { audit } from './audit.ts';
import { bans } from './bans.ts';
import { channels } from './channels.ts';
import { counts } from './counts.ts';
import { gates } from './gates.ts';
import { PROBES, type ProbedDoor } from './guards.ts';
import { leaving } from './leaving.ts';
import { people } from './people.ts';
import { reports } from './reports.ts';
import { rooms } from './rooms.ts';
import { rules } from './rules.ts';
import { sessions } from './sessions.ts';
import { shield } from './shield.ts';
import { streams } from './streams.ts';
import { type Contract, type Door, openScene } from './table.ts';
import { webhooks } from './webhooks.ts';

/** One line per resource; a door that is in none of them fails below. */
const CONTRACT: Contract = {
  ...streams,
  ...gates,
  ...rooms,
  ...counts,
  ...channels,
  ...bans,
  ...rules,
  ...reports,
  ...appeals,
  ...shield,
  ...people,
  ...sessions,
  ...apps,
  ...audit,
  ...leaving,
  ...webhooks,
};

const document = await (await call('/api/openapi.json')).json<ApiDocument>();
const doors = doorsOf(document);

/** What the short paths mean: the same door once more. */
const longPath = (path: string): string => (path.startsWith('/api/') ? path : `/api/v1${path}`);
/** The other way round, for a door at a short path. */
const inPlace = (door: ProbedDoor, path: string): string =>
  door.path.startsWith('/api/') ? path : path.replace('/api/v1', '');
const doorOf = ({ method, path }: ProbedDoor): Door | undefined => CONTRACT[`${method} ${longPath(path)}`];

/** `200`, `404 not_found`, ..: everything that the document says the door answers. 5XX is what no rule foresees. */
const documentedAt = ({ operation }: ProbedDoor): string[] =>
  Object.entries(operation.responses).flatMap(([status, response]) => {
    if (status === '5XX') return [];
    const codes = codesOf(response);
    return codes.length === 0 ? [status] : codes.map((code) => `${status} ${code}`);
  });

/** Where webhooks are sent to. */
beforeAll(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(null, { status: 204 }));
});

describe('the contract', () => {
  it('has every door of the document, and no other', () => {
    const documented = new Set(doors.map(({ method, path }) => `${method} ${longPath(path)}`));
    expect(Object.keys(CONTRACT).sort()).toEqual([...documented].sort());
  });

  it('leaves no answer unnamed: no door has a default', () => {
    for (const { method, path, operation } of doors) {
      expect(Object.keys(operation.responses), `${method} ${path}`).not.toContain('default');
    }
  });
});

describe.each(doors.map((door) => [`${door.method.toUpperCase()} ${door.path}`, door] as const))(
  '%s',
  (_name, door) => {
    it.each(documentedAt(door))('answers %s, as the document describes it', async (answer) => {
      const { good, also = {} } = doorOf(door) ?? {};
      if (!good) throw new Error('The door is in no contract: add it to the file of its resource.');
      const responses = await bringAbout(door, answer, { good, also });
      if (responses.length === 0) throw new Error(`Nothing brings ${answer} about: say how under \`also\`.`);
      for (const response of responses) {
        expect(response.status).toBe(Number(answer.split(' ')[0]));
        const code = answer.split(' ')[1];
        if (code) expect(await response.clone().json()).toMatchObject({ code });
        expect(await complaintsAbout(response, { document, operation: door.operation })).toEqual([]);
      }
    });
  },
);

describe('a door that needs somebody', () => {
  const closed = doors.filter(({ operation }) => operation.security);

  it.each(closed.map((door) => [`${door.method.toUpperCase()} ${door.path}`, door] as const))(
    'lets nobody in: %s',
    async (_name, door) => {
      const scene = await openScene();
      const { path, body } = await doorOf(door)!.good(scene);
      const answer = await scene.send({ method: door.method, path: inPlace(door, path), body });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
    },
  );
});

describe('a change', () => {
  const patches = doors.filter(({ method }) => method === 'patch');

  it.each(patches.map((door) => [door.path, door] as const))(
    'of %s is made from the state that GET showed, and from no older one',
    async (_path, door) => {
      const scene = await openScene();
      const { good } = doorOf(door)!;
      const made = await good(scene);
      const path = inPlace(door, made.path);
      const shown = await scene.send({ method: 'get', path, as: made.as ?? null });
      const tag = shown.headers.get('ETag') ?? '';
      await shown.arrayBuffer();
      const change = { ...made, path, method: 'patch', headers: { 'If-Match': tag } };
      const answers = [await scene.send(change), await scene.send(change)];
      expect(answers.map(({ status }) => status)).toEqual([200, 412]);
      expect(await answers[1]!.json()).toMatchObject({ code: 'stale_etag' });
      expect((await scene.send({ ...change, headers: { 'If-Match': '*' } })).status).toBe(200);
    },
  );
});

/** All the ways there are: the good request, those that the contract names, and the guards' own. */
async function bringAbout(door: ProbedDoor, answer: string, { good, also }: Required<Door>): Promise<Response[]> {
  const responses: Response[] = [];
  const named = also[answer];
  // Of a door that succeeds in two ways, the good request is one of them.
  const successes = documentedAt(door).filter((one) => one.startsWith('2'));
  const isGood = answer.startsWith('2') && (successes.length === 1 || !named);
  for (const make of [...(isGood ? [good] : []), ...(named ? [named] : [])]) {
    const scene = await openScene();
    const made = await make(scene);
    responses.push(
      made instanceof Response
        ? made
        : await scene.send({ ...made, path: inPlace(door, made.path), method: door.method }),
    );
  }
  const probe = PROBES[answer];
  if (!probe || (named && answer === '404 not_found')) return responses;
  const scene = await openScene();
  const made = await good(scene);
  const probed = await probe(door, scene, { ...made, path: inPlace(door, made.path) });
  return probed ? [...responses, probed] : responses;
}
