import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { IMPERSONAL_DATA, PERSONAL_DATA } from '../../src/storage/personal-data.ts';

const made = async (): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'd1_migrations'",
  ).all<{ name: string }>();
  return results.map(({ name }) => name).sort();
};

describe('the data map', () => {
  it('knows every table, as holding something of people or as holding nothing', async () => {
    const known = [...PERSONAL_DATA.map(({ table }) => table), ...Object.keys(IMPERSONAL_DATA)];
    expect(known.sort()).toEqual(await made());
  });

  it('names columns that there are', async () => {
    for (const { table, shown } of PERSONAL_DATA) {
      const { results } = await env.DB.prepare(`PRAGMA table_info(${table})`).all<{ name: string }>();
      const columns = results.map(({ name }) => name);
      expect(columns, table).toEqual(expect.arrayContaining([...(shown ?? [])]));
    }
  });

  it('shows no secret and no hash in an export', () => {
    const shown = PERSONAL_DATA.flatMap((share) => share.shown ?? []);
    expect(shown.filter((column) => /hash|secret|password|wrapped|sealed|salt/.test(column))).toEqual([]);
  });
});
