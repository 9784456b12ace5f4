// Examples made from a schema, and the curl command of a door.
import type { doorsOf, Operation, Schema } from '../openapi/document.ts';

/** A value that the schema takes: what is required, and nothing that is not. */
export function exampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const variant = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (variant) return exampleOf(variant);
  switch (typeOf(schema)) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}));
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return exampleText(schema);
  }
}

/** As one would type it; `$TOKEN` is the reader's own. */
export function curlOf(base: string, { method, path, operation }: ReturnType<typeof doorsOf>[number]): string {
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${base}${examplePath(path, operation)}'`,
  ];
  if (operation.security) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema) {
    lines.push(`-H 'Content-Type: application/json'`);
    lines.push(`-d '${JSON.stringify(exampleBody(method, schema)).replaceAll("'", "'\\''")}'`);
  }
  return lines.join(' \\\n  ');
}

function examplePath(path: string, { parameters = [] }: Operation): string {
  const named = (place: string) => parameters.filter((one) => one.in === place);
  const filled = named('path').reduce(
    (address, { name, schema }) => address.replace(`{${name}}`, String(exampleOf(schema))),
    path,
  );
  const query = named('query').filter(({ required }) => required);
  if (query.length === 0) return filled;
  return `${filled}?${new URLSearchParams(query.map(({ name, schema }) => [name, String(exampleOf(schema))]))}`;
}

/** A change with nothing in it would show nothing: its first field stands for the others. */
function exampleBody(method: string, schema: Schema): unknown {
  const [first] = Object.entries(schema.properties ?? {});
  const needsNothing = (schema.required ?? []).length === 0;
  if (method !== 'patch' || !needsNothing || !first) return exampleOf(schema);
  return { [first[0]]: exampleOf(first[1]) };
}

function exampleText({ format, pattern, minLength = 0 }: Schema): string {
  const [, prefix] = /^\^([a-z]{2})_/.exec(pattern ?? '') ?? [];
  if (prefix) return `${prefix}_a2b3c4d5`;
  if (format === 'date-time') return '2027-01-01T20:00:00Z';
  if (format === 'uri' || format === 'url') return 'https://example.com/';
  return 'An evening by the sea'.padEnd(minLength, '.');
}

const typeOf = ({ type }: Schema): string | undefined =>
  Array.isArray(type) ? type.find((one) => one !== 'null') : type;
