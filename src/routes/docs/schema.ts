// A schema in words: each field with its type, its limits and what it means.
import { html } from 'hono/html';
import type { Schema } from '../openapi/document.ts';

type Markup = ReturnType<typeof html>;

/** The fields of an object, and of the objects in it, each deeper by one. */
export function fieldsOf(schema: Schema): Markup {
  const rows = Object.entries(schema.properties ?? {});
  if (rows.length === 0) return html`<p class="type">${typeWords(schema)}</p>`;
  return html`<dl class="fields">
    ${rows.map(([name, field]) => {
      const inner = innerObject(field);
      return html`<div>
        <dt><code>${name}</code>${schema.required?.includes(name) ? '' : html` <span class="optional">optional</span>`}</dt>
        <dd><span class="type">${typeWords(field)}</span>${field.description ? html` <span>${field.description}</span>` : ''}
        ${inner ? fieldsOf(inner) : ''}</dd>
      </div>`;
    })}
  </dl>`;
}

/** `string, 1 to 140 long`; `list of ...`; `gaming | sports`; with `or null` where it may be. */
export function typeWords(schema: Schema): string {
  const isNullable = Array.isArray(schema.type) && schema.type.includes('null');
  return `${plainWords(schema)}${isNullable ? ' or null' : ''}${defaultWords(schema)}`;
}

function plainWords(schema: Schema): string {
  const { enum: values, anyOf, oneOf, allOf, items, format, pattern } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values) return values.map((value) => (value === null ? 'null' : String(value))).join(' | ');
  const variants = anyOf ?? oneOf;
  if (variants) return variants.map(typeWords).join(' or ');
  if (allOf) return allOf.map(typeWords).join(' and ');
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === 'null') return 'null';
  if (type === 'array') return `list of ${items ? typeWords(items) : 'anything'}${countWords(schema)}`;
  const [, prefix] = /^\^([a-z]{2})_/.exec(pattern ?? '') ?? [];
  if (prefix) return `id, ${prefix}_...`;
  const words = format ?? type ?? 'anything';
  return `${words}${rangeWords(schema)}`;
}

function rangeWords({ minimum, maximum, minLength, maxLength }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (maxLength !== undefined) return `, ${minLength ?? 0} to ${maxLength} long`;
  return '';
}

const countWords = ({ maxItems }: Schema): string => (maxItems === undefined ? '' : `, at most ${maxItems}`);

const defaultWords = (schema: Schema): string =>
  schema.default === undefined ? '' : `; ${JSON.stringify(schema.default)} when left out`;

/** The object whose fields are worth showing below this field: its own, those of its items, or those of its one variant. */
function innerObject(schema: Schema): Schema | null {
  if (schema.properties) return schema;
  if (schema.items) return innerObject(schema.items);
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => innerObject(one) ?? []);
  return variants.length === 1 ? (variants[0] ?? null) : null;
}
