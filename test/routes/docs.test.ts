import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/protocol/errors.ts';
import { API_PREFIX } from '../../src/protocol/paths.ts';
import { type ApiDocument, doorsOf } from '../../src/routes/openapi/document.ts';
import { codesOf } from '../../src/routes/openapi/refusals.ts';
import { as, call } from './support.ts';

const page = async () => (await call('/api/docs')).text();
const doors = async () => doorsOf(await (await call('/api/openapi.json')).json<ApiDocument>());
/** The part of the page that is about one door. */
const articleOf = (html: string, { method, path }: { method: string; path: string }): string =>
  html
    .split('<article')
    .find((one) => one.includes(`>${method.toUpperCase()}</span> <code>${path}</code>`))
    ?.split('</article>')[0] ?? '';

describe('the page of the API', () => {
  it('shows every door with its scope, parameters, statuses and a curl command', async () => {
    const html = await page();
    for (const door of (await doors()).filter(({ path }) => path.startsWith(API_PREFIX))) {
      const where = `${door.method} ${door.path}`;
      const article = articleOf(html, door);
      expect(article, where).toContain('curl ');
      for (const status of Object.keys(door.operation.responses)) expect(article, where).toContain(`<b>${status}</b>`);
      for (const code of Object.values(door.operation.responses).flatMap(codesOf)) {
        expect(article, where).toContain(`#code-${code}`);
      }
      for (const { name } of door.operation.parameters ?? []) expect(article, where).toContain(`<code>${name}</code>`);
      for (const scope of (door.operation.security ?? []).flatMap((one) => Object.values(one).flat())) {
        expect(article, where).toContain(`<code>${scope}</code>`);
      }
    }
    for (const code of Object.keys(ERRORS)) expect(html).toContain(`id="code-${code}"`);
  });

  it('links to nothing that is not on it', async () => {
    const html = await page();
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect([...ids]).toContain(target);
  });

  it('runs nothing: no script, no inline style, and a policy that would not let it', async () => {
    const response = await call('/api/docs');
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=UTF-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('script-src');
    expect(await response.text()).not.toMatch(/<script|style=|<style|javascript:|\son\w+=/i);
    const style = await call('/api/docs/style.css');
    expect(style.headers.get('Content-Type')).toBe('text/css; charset=utf-8');
  });

  it('gives bodies that its own doors take', async () => {
    const html = await page();
    const bodyOf = (method: string, path: string): unknown => {
      const article = articleOf(html, { method, path }).replaceAll('&quot;', '"').replaceAll('&#39;', "'");
      return JSON.parse(/-d '(.*)'/.exec(article)?.[1] ?? '');
    };
    const created = await as('ada', 'POST', '/api/v1/streams', bodyOf('post', '/api/v1/streams'));
    expect(created.status).toBe(201);
    const { id } = await created.json<{ id: string }>();
    const changed = await as('ada', 'PATCH', `/api/v1/streams/${id}`, bodyOf('patch', '/api/v1/streams/{id}'));
    expect(changed.status).toBe(200);
  });
});
