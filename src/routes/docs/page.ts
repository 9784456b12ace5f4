// The page: what holds for every door, then the doors, by what they are about.
import { html } from 'hono/html';
import { type ApiDocument, doorsOf } from '../openapi/document.ts';
import { anchorOf, codeTable, type Door, doorArticle } from './door.ts';

export const docsPage = (document: ApiDocument) => {
  const groups = grouped(document);
  const base = document.servers[0]?.url ?? '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>The API of Footlight</title>
        <meta name="color-scheme" content="dark light" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/api/docs/style.css" />
      </head>
      <body>
        <a class="skip-link" href="#main">Skip to content</a>
        <header>
          <a class="wordmark" href="/">Footlight</a>
          <a href="/api/openapi.json">openapi.json</a>
        </header>
        <div class="layout">
          <nav aria-label="Doors">${contents(groups)}</nav>
          <details class="contents">
            <summary>Doors</summary>
            <nav aria-label="Doors, folded">${contents(groups)}</nav>
          </details>
          <main id="main">
            <h1>The API</h1>
            ${conventions(base)}
            ${groups.map(
              ([name, doors]) => html`<section id="${name}">
                <h2>${name}</h2>
                ${doors.map((door) => doorArticle(door, base))}
              </section>`,
            )}
            <section id="errors">
              <h2>errors</h2>
              ${codeTable()}
            </section>
          </main>
        </div>
      </body>
    </html>`;
};

/** By the first word after /api/v1; a short path is the same door again and not shown twice. */
function grouped(document: ApiDocument): [string, Door[]][] {
  const doors = doorsOf(document).filter(({ path }) => document.paths[`/api/v1${path}`] === undefined);
  return [...Map.groupBy(doors, ({ path }) => path.replace('/api/v1', '').split('/')[1] ?? '')];
}

const contents = (groups: [string, Door[]][]) => html`<ul>
  <li><a href="#main">Conventions</a></li>
  ${groups.map(
    ([name, doors]) => html`<li>
      <a href="#${name}">${name}</a>
      <ul>
        ${doors.map(
          (door) => html`<li>
            <a href="#${anchorOf(door)}"><span class="method ${door.method}">${door.method.toUpperCase()}</span> ${shortPath(door)}</a>
          </li>`,
        )}
      </ul>
    </li>`,
  )}
  <li><a href="#errors">errors</a></li>
</ul>`;

const shortPath = ({ path }: Door): string => path.replace('/api/v1', '');

const conventions = (base: string) => html`<section class="conventions">
  <p>JSON both ways, below <code>${base}/api/v1</code>. Times are ISO 8601, ids are a prefix and random characters.</p>
  <dl class="fields">
    <div>
      <dt>Who asks</dt>
      <dd><code>Authorization: Bearer $TOKEN</code>. A door names the scope that the token must have; what its person may do bounds it again.</dd>
    </div>
    <div>
      <dt>Errors</dt>
      <dd><code>application/problem+json</code> (RFC 9457). Its <code>code</code> is stable, its <code>detail</code> says what to do. Every answer has an <code>X-Request-Id</code>.</dd>
    </div>
    <div>
      <dt>Versions</dt>
      <dd>GET answers with an <code>ETag</code>. Send it back as <code>If-None-Match</code> for a 304, or as <code>If-Match</code> with a change that must not undo another.</dd>
    </div>
    <div>
      <dt>Repeats</dt>
      <dd>Send an <code>Idempotency-Key</code> with a POST: when its answer is lost, the same request again gets that answer and does nothing twice. Kept for 24 hours.</dd>
    </div>
    <div>
      <dt>Pages</dt>
      <dd>A list ends with <code>nextCursor</code>; send it as <code>cursor</code> for what follows. It is opaque.</dd>
    </div>
    <div>
      <dt>Limits</dt>
      <dd>Bodies of 64 KiB. Writes are counted per account, else per address: <code>RateLimit-Policy</code> says how many. Over it, 429 with <code>Retry-After</code>.</dd>
    </div>
  </dl>
</section>`;
