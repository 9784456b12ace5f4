// The words of a contract: one file per resource says how each of its answers is brought about; the runner does the rest.
import { env } from 'cloudflare:workers';
import { signAccessToken } from '../../../src/auth/access-token.ts';
import { signingKey } from '../../../src/auth/signing-key.ts';
import type { CreatedStream } from '../../../src/protocol/api.ts';
import { type PlatformRole, SCOPES } from '../../../src/protocol/claims.ts';
import { UserId } from '../../../src/protocol/ids.ts';
import { keepUser } from '../../../src/storage/users.ts';
import { BASE, call } from '../support.ts';

export interface Person {
  id: UserId;
  handle: string;
  /** With every scope, of no app. */
  token: string;
  /** Of an app of somebody else, with no scope at all. */
  weakToken: string;
}

/** Every case has a scene of its own: nobody in it has done anything yet, so no limit is near. */
export interface Scene {
  owner: Person;
  stranger: Person;
  admin: Person;
  /** The owner's, waiting for its encoder. */
  stream: CreatedStream;
  send(ask: Ask): Promise<Response>;
}

export interface Ask {
  method: string;
  path: string;
  /** Null: nobody. */
  as?: Person | null;
  body?: unknown;
  headers?: Record<string, string>;
  /** In place of the person's full one. */
  token?: string;
}

/** What a case sends; the method is the door's own, and the path too unless the case says so. */
export type Case = Omit<Ask, 'method' | 'path'> & { path: string };
type Make = (scene: Scene) => Case | Promise<Case>;

export interface Door {
  /** A request that succeeds. The answers of the guards are made from it. */
  good: Make;
  /**
   * The door's own refusals and further successes, by status and code as the document has them: `409 conflict`, `200`.
   * A case that takes more than one request sends them itself and gives the answer.
   */
  also?: Record<string, (scene: Scene) => Case | Response | Promise<Case | Response>>;
}

/** By `method /path` as in the document. */
export type Contract = Record<string, Door>;

let people = 0;

export async function person(platformRole: PlatformRole = 'viewer'): Promise<Person> {
  people += 1;
  const handle = `guest${people}`;
  const id = UserId.parse(`us_guest${'abcdefghij'[people % 10]}${people}`);
  await keepUser(env.DB, { id, handle, name: `Guest ${people}`, platformRole }, Date.now());
  return { id, handle, token: await tokenFor(id), weakToken: await tokenFor(id, 'ap_contract', []) };
}

/** Of the cast, for what only a browser's session can do. */
export async function seeded(handle: 'ada' | 'ben'): Promise<Person & { cookie: string }> {
  const signedIn = await send({ method: 'post', path: '/api/v1/session', body: { user: handle } });
  await signedIn.arrayBuffer();
  const id = UserId.parse(`us_${handle}0`);
  const cookie = signedIn.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  return { id, handle, cookie, token: await tokenFor(id), weakToken: await tokenFor(id, 'ap_contract', []) };
}

export async function openScene(): Promise<Scene> {
  const [owner, stranger, admin] = await Promise.all([person(), person(), person('admin')]);
  const opened = await send({ method: 'post', path: '/api/v1/streams', as: owner, body: { title: 'The scene' } });
  return { owner, stranger, admin, stream: await opened.json<CreatedStream>(), send };
}

export async function send({ method, path, as: who = null, body, headers = {}, token }: Ask): Promise<Response> {
  const bearer = token ?? who?.token;
  return call(path, {
    method: method.toUpperCase(),
    headers: {
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** What one of several such requests at the same moment answers: one of them is first, and the others meet what it did. */
export async function late(ask: Ask): Promise<Response> {
  const answers = await Promise.all(Array.from({ length: 6 }, () => send(ask)));
  return answers.find(({ status }) => status === 409) ?? answers[0]!;
}

const tokenFor = async (userId: UserId, clientId = 'test', scopes: readonly (typeof SCOPES)[number][] = SCOPES) =>
  signAccessToken(await signingKey(env.TOKEN_KEY), {
    base: BASE,
    userId,
    clientId,
    scopes,
    nowSeconds: Math.floor(Date.now() / 1000),
    lifetimeSeconds: 600,
  });
