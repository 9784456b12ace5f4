// One door as the page shows it: what it needs, what it takes, what it answers, and how to try it.
import { html } from 'hono/html';
import { ERRORS } from '../../protocol/errors.ts';
import type { doorsOf, Operation, Parameter, ResponseDescription } from '../openapi/document.ts';
import { codesOf } from '../openapi/refusals.ts';
import { curlOf } from './example.ts';
import { fieldsOf, typeWords } from './schema.ts';

type Markup = ReturnType<typeof html>;
export type Door = ReturnType<typeof doorsOf>[number];

/** A stable name for links. */
export const anchorOf = ({ method, path }: Door): string =>
  `${method}${path.replace('/api/v1', '')}`.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '');

export const doorArticle = (door: Door, base: string): Markup => {
  const { method, path, operation } = door;
  return html`<article class="door" id="${anchorOf(door)}">
    <h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></h3>
    <p>${operation.summary}.</p>
    <p class="needs">${needs(operation)}</p>
    ${parameters(operation.parameters ?? [])}
    ${bodyOf(operation)}
    <h4>Answers</h4>
    ${Object.entries(operation.responses).map(([status, response]) => answer(status, response))}
    <pre tabindex="0"><code>${curlOf(base, door)}</code></pre>
  </article>`;
};

function needs({ security }: Operation): Markup | string {
  if (!security) return 'Needs nobody to be signed in.';
  const scopes = security.flatMap((one) => Object.values(one).flat());
  if (scopes.length === 0) return 'Needs somebody to be signed in.';
  return html`Needs a token with ${scopes.map((scope) => html`<code>${scope}</code>`)}.`;
}

const parameters = (list: Parameter[]): Markup | string =>
  list.length === 0
    ? ''
    : html`<h4>Parameters</h4>
        <dl class="fields">
          ${list.map(
            ({ name, in: place, required, description, schema }) => html`<div>
              <dt><code>${name}</code> <span class="optional">${required ? place : `${place}, optional`}</span></dt>
              <dd><span class="type">${typeWords(schema)}</span>${description ? html` <span>${description}</span>` : ''}</dd>
            </div>`,
          )}
        </dl>`;

function bodyOf({ requestBody }: Operation): Markup | string {
  if (!requestBody) return '';
  return html`<h4>Body</h4>
    ${Object.entries(requestBody.content).map(
      ([type, { schema }]) =>
        html`<p class="type">${type}${requestBody.required ? '' : ', or none'}</p>${fieldsOf(schema)}`,
    )}`;
}

/** Good news opens; refusals are a line each. */
function answer(status: string, response: ResponseDescription): Markup {
  const codes = codesOf(response);
  if (codes.length > 0) {
    return html`<p class="status">
      <b>${status}</b>
      ${codes.map((code, index) => html`${index > 0 ? ', ' : ''}<a href="#code-${code}">${code}</a>`)}
    </p>`;
  }
  const schema = response.content?.['application/json']?.schema;
  if (!schema) return html`<p class="status"><b>${status}</b> ${response.description.replaceAll('`', '')}</p>`;
  return html`<details>
    <summary class="status"><b>${status}</b> ${response.description}</summary>
    ${fieldsOf(schema)}
  </details>`;
}

/** Every code once, for the links of the doors. */
export const codeTable = (): Markup => html`<dl class="fields codes">
  ${Object.entries(ERRORS).map(
    ([code, [status, title]]) =>
      html`<div id="code-${code}"><dt><code>${code}</code></dt><dd><b>${status}</b> ${title}</dd></div>`,
  )}
</dl>`;
