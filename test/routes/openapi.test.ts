import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { codeFor, fromPage, newApp, registerApp, requestOf } from './oauth-support.ts';
import { as, BASE, call, openStream } from './support.ts';

interface Operation {
  summary: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security?: object[];
  parameters?: { name: string; in: string }[];
  requestBody?: object;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: object };
}

// Where a webhook points is nobody's business here.
vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(null, { status: 204 }));

const read = async (): Promise<Document> => (await call('/api/v1/openapi.json')).json();

/** One good request for each door, by `METHOD path` as the document has it. */
const requests = async (): Promise<Record<string, () => Promise<Response>>> => {
  const stream = await openStream('ada');
  await as('ben', 'GET', '/api/v1/users/me');
  const forStreams = (prefix: string) => ({
    [`post ${prefix}`]: () => as('ada', 'POST', prefix, { title: 'x' }),
    [`get ${prefix}`]: () => as(null, 'GET', prefix),
    [`get ${prefix}/{id}`]: () => as(null, 'GET', `${prefix}/${stream.id}`),
    [`patch ${prefix}/{id}`]: () => as('ada', 'PATCH', `${prefix}/${stream.id}`, { title: 'y' }),
    [`post ${prefix}/{id}/chat`]: async () =>
      as('ben', 'POST', `${prefix}/${(await openStream('ada')).id}/chat`, { text: 'Hello' }),
    [`get ${prefix}/{id}/chat`]: () => as(null, 'GET', `${prefix}/${stream.id}/chat`),
    [`get ${prefix}/{id}/health`]: () => as('ada', 'GET', `${prefix}/${stream.id}/health`),
    [`post ${prefix}/{id}/pass`]: () => as(null, 'POST', `${prefix}/${stream.id}/pass`),
    [`get ${prefix}/{id}/members`]: () => as('ada', 'GET', `${prefix}/${stream.id}/members`),
    [`put ${prefix}/{id}/members/{user}`]: () => as('ada', 'PUT', `${prefix}/${stream.id}/members/ben`),
    [`delete ${prefix}/{id}/members/{user}`]: () => as('ada', 'DELETE', `${prefix}/${stream.id}/members/ben`),
    [`delete ${prefix}/{id}`]: () => as('ada', 'DELETE', `${prefix}/${stream.id}`),
  });
  const channel = `/api/v1/channels/${stream.channelId}`;
  const { id: clientId } = await registerApp();
  const app = `/api/v1/apps/${clientId}`;
  const query = requestOf(clientId);
  await codeFor(query);
  const { grants } = (await (await as('ben', 'GET', '/api/v1/grants')).json()) as { grants: { id: string }[] };
  return {
    ...forStreams('/api/v1/streams'),
    ...forStreams('/streams'),
    'get /api/v1/channels': () => as('ada', 'GET', '/api/v1/channels'),
    'get /api/v1/channels/{id}': () => as('ada', 'GET', channel),
    'post /api/v1/channels/{id}/stream-key': () => as('ada', 'POST', `${channel}/stream-key`, {}),
    'delete /api/v1/channels/{id}/stream-key': () => as('ada', 'DELETE', `${channel}/stream-key`),
    'get /api/v1/channels/{id}/roles': () => as('ada', 'GET', `${channel}/roles`),
    'put /api/v1/channels/{id}/roles/{userId}': () => as('ada', 'PUT', `${channel}/roles/us_ben0`, { role: 'vip' }),
    'delete /api/v1/channels/{id}/roles/{userId}': () => as('ada', 'DELETE', `${channel}/roles/us_ben0`),
    'put /api/v1/channels/{id}/follow': () => as('ben', 'PUT', `${channel}/follow`),
    'delete /api/v1/channels/{id}/follow': () => as('ben', 'DELETE', `${channel}/follow`),
    'get /api/v1/users/me': () => as('ben', 'GET', '/api/v1/users/me'),
    'patch /api/v1/users/me': () => as('ben', 'PATCH', '/api/v1/users/me', { name: 'Ben' }),
    'get /api/v1/users/me/follows': () => as('ben', 'GET', '/api/v1/users/me/follows'),
    'get /api/v1/users': () => as(null, 'GET', '/api/v1/users?handle=ben'),
    'get /api/v1/users/roles': () => as('root', 'GET', '/api/v1/users/roles'),
    'get /api/v1/users/{id}': () => as(null, 'GET', '/api/v1/users/us_ben0'),
    'patch /api/v1/users/{id}': () => as('root', 'PATCH', '/api/v1/users/us_ben0', { role: 'viewer' }),
    'get /api/v1/audit': () => as('root', 'GET', '/api/v1/audit'),
    'post /api/v1/apps': () => as('ada', 'POST', '/api/v1/apps', newApp()),
    'get /api/v1/apps': () => as('ada', 'GET', '/api/v1/apps'),
    'get /api/v1/apps/{id}': () => as('ada', 'GET', app),
    'patch /api/v1/apps/{id}': () => as('ada', 'PATCH', app, { name: 'Another name' }),
    'post /api/v1/apps/{id}/secret': () => as('ada', 'POST', `${app}/secret`),
    'get /api/v1/consent': () => as(null, 'GET', `/api/v1/consent?${new URLSearchParams({ request: query })}`),
    'post /api/v1/consent': () => fromPage('ben', 'POST', '/api/v1/consent', { request: query, allow: true }),
    'get /api/v1/grants': () => as('ben', 'GET', '/api/v1/grants'),
    'delete /api/v1/grants/{id}': () => as('ben', 'DELETE', `/api/v1/grants/${grants[0]!.id}`),
    'delete /api/v1/apps/{id}': () => as('ada', 'DELETE', app),
    ...(await forWebhooks()),
    'get /api/v1/users/me/export': () => as('ada', 'GET', '/api/v1/users/me/export'),
    'delete /api/v1/users/me': async () => {
      await as('cleo', 'GET', '/api/v1/users/me');
      return as('cleo', 'DELETE', '/api/v1/users/me', { confirm: 'cleo' });
    },
    'get /api/v1/erasures/{id}': async () => {
      await env.DB.prepare("INSERT INTO erasures (id, erased_at_ms) VALUES ('er_test', 1)").run();
      return as(null, 'GET', '/api/v1/erasures/er_test');
    },
    'get /api/v1/session': () => as(null, 'GET', '/api/v1/session'),
    'post /api/v1/session': () => as(null, 'POST', '/api/v1/session', { user: 'ada' }),
    'delete /api/v1/session': () => as(null, 'DELETE', '/api/v1/session'),
    'get /api/v1/sessions': () => as('ada', 'GET', '/api/v1/sessions'),
    'delete /api/v1/sessions/{id}': async () => {
      const opened = await as(null, 'POST', '/api/v1/session', { user: 'mod' });
      const headers = { Cookie: opened.headers.get('Set-Cookie')!.split(';')[0]!, Origin: BASE };
      const { sessions } = (await (await call('/api/v1/sessions', { headers })).json()) as {
        sessions: { id: string }[];
      };
      return call(`/api/v1/sessions/${sessions[0]!.id}`, { method: 'DELETE', headers });
    },
    'delete /api/v1/sessions': () => as('ada', 'DELETE', '/api/v1/sessions'),
  };
};

const PREFIXES = {
  streams: 'st',
  channels: 'ch',
  users: 'us',
  apps: 'ap',
  grants: 'gr',
  webhooks: 'wh',
  sessions: 'bs',
};
const GOOD_BODIES: Record<string, object> = {
  '/api/v1/apps': newApp(),
  '/api/v1/users/me': { name: 'x', confirm: 'x' },
  '/api/v1/consent': { request: 'x', allow: true },
  '/api/v1/webhooks': { url: 'https://hooks.example.com/', events: ['stream.started'] },
};

const forWebhooks = async (): Promise<Record<string, () => Promise<Response>>> => {
  const body = { url: 'https://hooks.example.com/', events: ['stream.started'] };
  const { id }: { id: string } = await (await as('ada', 'POST', '/api/v1/webhooks', body)).json();
  const path = `/api/v1/webhooks/${id}`;
  const delivery: { id: string } = await (await as('ada', 'POST', `${path}/test`)).json();
  const replay = `deliveries/${delivery.id}/replay`;
  return {
    'get /api/v1/webhooks': () => as('ada', 'GET', '/api/v1/webhooks'),
    'post /api/v1/webhooks': () => as('ada', 'POST', '/api/v1/webhooks', body),
    'get /api/v1/webhooks/{id}': () => as('ada', 'GET', path),
    'patch /api/v1/webhooks/{id}': () => as('ada', 'PATCH', path, { events: ['stream.ended'] }),
    'post /api/v1/webhooks/{id}/secret': () => as('ada', 'POST', `${path}/secret`),
    'get /api/v1/webhooks/{id}/deliveries': () => as('ada', 'GET', `${path}/deliveries`),
    'post /api/v1/webhooks/{id}/test': () => as('ada', 'POST', `${path}/test`),
    'post /api/v1/webhooks/{id}/deliveries/{deliveryId}/replay': () => as('ada', 'POST', `${path}/${replay}`),
    'delete /api/v1/webhooks/{id}': () => as('ada', 'DELETE', path),
  };
};

describe('the description of the API', () => {
  it('is at /api/openapi.json and under its version', async () => {
    expect(await (await call('/api/openapi.json')).json()).toEqual(await read());
  });

  it('is a whole OpenAPI 3.1 document', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Footlight', version: '1' });
    for (const [path, operations] of Object.entries(document.paths)) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const [method, operation] of Object.entries(operations)) {
        const where = `${method} ${path}`;
        expect(operation.summary, where).toBeTruthy();
        expect(operation.responses[401]?.content, where).toHaveProperty('application/problem+json');
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
        expect(declared, where).toEqual(placeholders);
        for (const scheme of operation.security ?? []) {
          for (const name of Object.keys(scheme))
            expect(document.components.securitySchemes, where).toHaveProperty(name);
        }
      }
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });

  it('lists exactly the doors that answer, each with a status that it names', async () => {
    const document = await read();
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const tried = await requests();
    expect(documented.sort()).toEqual(Object.keys(tried).sort());
    for (const [door, ask] of Object.entries(tried)) {
      const [method, path] = door.split(' ') as [string, string];
      const response = await ask();
      expect(response.ok, `${door} answered ${response.status}`).toBe(true);
      expect(Object.keys(document.paths[path]![method]!.responses), door).toContain(String(response.status));
      await response.arrayBuffer();
    }
  });

  it('says which doors need a signed-in user, and these do', async () => {
    const document = await read();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        if (!security) continue;
        const usual = { title: 'x', name: 'x', text: 'x', role: path.includes('/roles/') ? 'vip' : 'viewer' };
        const sends = ['post', 'put', 'patch'].includes(method);
        const body = method === 'get' ? undefined : (GOOD_BODIES[path] ?? (sends ? usual : undefined));
        const [, prefix] = Object.entries(PREFIXES).find(([resource]) => path.includes(`/${resource}/`)) ?? [];
        const address = path
          .replace('{id}', `${prefix}_abcd`)
          .replace('{userId}', 'us_abcd')
          .replace('{user}', 'ben')
          .replace('{deliveryId}', 'dl_abcd');
        expect((await as(null, method.toUpperCase(), address, body)).status, `${method} ${path}`).toBe(401);
      }
    }
  });
});
