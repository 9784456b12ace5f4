import { describe, expect, it } from 'vitest';
import { call } from './support.ts';

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

const read = async (): Promise<Document> => (await call('/api/v1/openapi.json')).json();

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
});
