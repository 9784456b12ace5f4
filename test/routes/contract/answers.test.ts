import { describe, expect, it } from 'vitest';
import type { ApiDocument, Operation } from '../../../src/routes/openapi/document.ts';
import { refusals } from '../../../src/routes/openapi/refusals.ts';
import { complaintsAbout } from './answers.ts';

const operation: Operation = {
  summary: 'A door',
  responses: {
    200: {
      description: 'A thing',
      headers: { ETag: { description: 'A tag', schema: { type: 'string' } } },
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              owner: { anyOf: [{ type: 'object', properties: { id: { type: 'string' } } }, { type: 'null' }] },
              list: {
                type: 'array',
                items: { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } },
              },
            },
            required: ['name'],
          },
        },
      },
    },
    204: { description: 'Done' },
    ...refusals('conflict'),
  },
};
const document = {
  components: {
    schemas: { Problem: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] } },
  },
} as unknown as ApiDocument;

const complaints = (body: unknown, { status = 200, headers = {} as Record<string, string> } = {}) =>
  complaintsAbout(
    new Response(body === null ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'x', ETag: '"x"', ...headers },
    }),
    { document, operation },
  );

describe('an answer that is held against the document', () => {
  it('passes when it is as described', async () => {
    expect(await complaints({ name: 'a', owner: { id: 'x' }, list: [{ at: '2027-01-01T00:00:00Z' }] })).toEqual([]);
    expect(await complaints({ name: 'a', owner: null })).toEqual([]);
    expect(await complaints(null, { status: 204 })).toEqual([]);
    const problem = { 'Content-Type': 'application/problem+json' };
    expect(await complaints({ code: 'conflict' }, { status: 409, headers: problem })).toEqual([]);
  });

  it.each([
    ['a field that is not named', { name: 'a', secret: 'x' }, {}],
    ['one that is not named deeper within', { name: 'a', owner: { id: 'x', secret: 'y' } }, {}],
    ['one that is not named in a list', { name: 'a', list: [{ secret: 'y' }] }, {}],
    ['a field that is missing', {}, {}],
    ['a field of another type', { name: 7 }, {}],
    ['a time that is none', { name: 'a', list: [{ at: 'yesterday' }] }, {}],
    ['a status that is not named', { name: 'a' }, { status: 418 }],
    ['a body where there is none', { name: 'a' }, { status: 200, headers: { 'Content-Type': 'text/html' } }],
    [
      'a code that the door does not name',
      { code: 'forbidden' },
      { status: 409, headers: { 'Content-Type': 'application/problem+json' } },
    ],
  ])('fails for %s', async (_what, body, init) => {
    expect(await complaints(body, init)).not.toEqual([]);
  });

  it('fails for a header that is promised and not there', async () => {
    const bare = new Response('{"name":"a"}', { headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'x' } });
    expect(await complaintsAbout(bare, { document, operation })).toEqual([expect.stringContaining('ETag')]);
  });
});
