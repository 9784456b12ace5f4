import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import { as, call, openStream, problemOf, untilLimited } from './support.ts';

afterEach(() => vi.restoreAllMocks());

describe('every answer', () => {
  it.each(['/api/v1/streams', '/api/v1/nowhere', '/whip'])(
    'of %s carries the security headers and a request id',
    async (path) => {
      const { headers } = await call(path);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Strict-Transport-Security')).toContain('max-age=');
      expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('keeps a sane request id of the sender, and no other', async () => {
    const idFor = async (sent: string) =>
      (await call('/api/v1/streams', { headers: { 'X-Request-Id': sent } })).headers.get('X-Request-Id');
    expect(await idFor('trace-12345678')).toBe('trace-12345678');
    expect(await idFor('<script>')).not.toBe('<script>');
  });
});

describe('what is not there', () => {
  it('is 404 as problem+json', async () => {
    for (const path of ['/api/v1/nowhere', '/api/v2/streams', '/live/st_abcd/nothing/here/at/all']) {
      expect((await problemOf(await call(path))).code).toBe('not_found');
    }
  });

  it.each([
    ['PUT', '/api/v1/streams', 'POST'],
    ['POST', '/streams/st_abcd', 'PATCH'],
    ['PATCH', '/api/v1/session', 'DELETE'],
    ['POST', '/api/v1/openapi.json', 'GET'],
    ['DELETE', '/live/st_abcd/state', 'GET'],
  ])('%s %s is 405 and names the methods', async (method, path, allowed) => {
    const response = await call(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toContain(allowed);
    expect((await problemOf(response)).code).toBe('method_not_allowed');
  });
});

describe('a page of another site', () => {
  it('may call the API with a token: the preflight allows it, and never with cookies', async () => {
    const preflight = await call('/api/v1/streams', {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.test', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
    expect(preflight.headers.has('Access-Control-Allow-Credentials')).toBe(false);
  });

  it('can read refusals too', async () => {
    const response = await call('/api/v1/streams/st_nowhere', { headers: { Origin: 'https://app.test' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });
});

describe('a sender that writes too often', () => {
  it('is told to wait, and others are not', async () => {
    const { id } = await openStream('mod');
    const { statuses, limited } = await untilLimited(() =>
      as('mod', 'PATCH', `/api/v1/streams/${id}`, { title: 'New' }),
    );
    expect(statuses[0]).toBe(200);
    expect(limited.headers.get('Retry-After')).toBe('60');
    expect(limited.headers.get('RateLimit-Policy')).toBe('"writes";q=120;w=60');
    expect(limited.headers.get('RateLimit')).toBe('"writes";r=0;t=60');
    expect((await problemOf(limited)).code).toBe('rate_limited');
    expect((await as('mod', 'GET', `/api/v1/streams/${id}`)).status).toBe(200);
    expect((await as('ben', 'POST', '/api/v1/streams', { title: 'Mine' })).status).toBe(201);
  });
});

describe('an object that has too much to do, or is on the move', () => {
  it.each(['overloaded', 'retryable'])('is 503 with Retry-After, not our failure (%s)', async (sign) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const busy = {
      ...env,
      DB: {
        prepare: () => {
          throw Object.assign(new Error('Durable Object is overloaded.'), { [sign]: true });
        },
      } as unknown as D1Database,
    };
    const response = await app.fetch(new Request('http://edge.test/api/v1/streams'), busy, createExecutionContext());
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '2']);
    expect((await problemOf(response)).code).toBe('overloaded');
    expect(logged).not.toHaveBeenCalled();
  });
});

describe('a failure of our own', () => {
  it('is a 500 that tells nothing of the inside, and is logged with its request id', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = {
      ...env,
      DB: {
        prepare: () => {
          throw new Error('disk of host 7 is gone');
        },
      } as unknown as D1Database,
    };
    const response = await app.fetch(new Request('http://edge.test/api/v1/streams'), broken, createExecutionContext());
    expect(response.status).toBe(500);
    const problem = await problemOf(response);
    expect(JSON.stringify(problem)).not.toContain('host 7');
    expect(String(logged.mock.calls[0]?.[0])).toContain(response.headers.get('X-Request-Id'));
  });

  it('of a missing WRAPPING_KEY names the setting in the log', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const request = new Request('http://edge.test/oauth/jwks');
    const response = await app.fetch(request, { ...env, WRAPPING_KEY: '' }, createExecutionContext());
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: 'server_error' });
    expect(String(logged.mock.calls.at(-1)?.[1])).toContain('WRAPPING_KEY');
  });
});
