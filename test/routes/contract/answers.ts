// Holds an answer against the document: its status, type, headers, and every field of its body.
import { Validator } from '@cfworker/json-schema';
import type { ApiDocument, Operation, ResponseDescription, Schema } from '../../../src/routes/openapi/document.ts';

/** What is wrong with the answer, in words; nothing when it is as documented. */
export async function complaintsAbout(
  response: Response,
  { document, operation }: { document: ApiDocument; operation: Operation },
): Promise<string[]> {
  const described = operation.responses[response.status];
  const text = await response.text();
  if (!described) return [`status ${response.status} is not documented: ${text.slice(0, 200)}`];
  return [...missingHeaders(response, described), ...bodyComplaints(response, text, { described, document })];
}

function missingHeaders({ headers }: Response, described: ResponseDescription): string[] {
  const named = [...Object.keys(described.headers ?? {}), 'X-Request-Id'];
  return named.filter((name) => !headers.has(name)).map((name) => `the header ${name} is documented and not there`);
}

function bodyComplaints(
  { headers }: Response,
  text: string,
  { described, document }: { described: ResponseDescription; document: ApiDocument },
): string[] {
  const type = headers.get('Content-Type')?.split(';')[0] ?? null;
  if (!described.content) return text === '' ? [] : [`a body is not documented: ${text.slice(0, 200)}`];
  const schema = described.content[type ?? '']?.schema;
  if (!schema) return [`the type ${type} is not documented`];
  if (!/json$/.test(type ?? '') || type === 'application/x-ndjson') return [];
  const root = { ...tight(schema), components: { schemas: tightAll(document.components.schemas) } };
  const { valid, errors } = new Validator(root as object, '2020-12', false).validate(JSON.parse(text));
  return valid ? [] : errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

/** The document lets no field pass that it does not name: what is not said of an object's other fields means that there are none. */
function tight(schema: Schema): Schema {
  const { properties, items, anyOf, oneOf, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && { properties: tightAll(properties), additionalProperties: additionalProperties ?? false }),
    ...(items && { items: tight(items) }),
    ...(anyOf && { anyOf: anyOf.map(tight) }),
    ...(oneOf && { oneOf: oneOf.map(tight) }),
  };
}

const tightAll = (schemas: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, tight(schema)]));
