import { env } from 'cloudflare:workers';
import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import * as schema from '../../src/storage/schema.ts';

const tables = Object.values(schema)
  .filter((one) => is(one, SQLiteTable))
  .map((table) => getTableConfig(table));

const rows = async <Row>(pragma: string): Promise<Row[]> => (await env.DB.prepare(pragma).all<Row>()).results;

describe('the tables that the code knows', () => {
  it('are all those that the migrations make', async () => {
    const made = await rows<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'd1_migrations'",
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(made.map(({ name }) => name).sort());
  });

  it.each(tables.map((table) => [table.name, table] as const))('%s has the same columns', async (name, table) => {
    const made = await rows<{ name: string; type: string; notnull: number; pk: number; dflt_value: string | null }>(
      `PRAGMA table_info(${name})`,
    );
    const known = table.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notnull: Number(column.notNull),
      pk: Number(column.primary),
      dflt_value: column.hasDefault ? `'${column.default}'` : null,
    }));
    const bare = made.map(({ name, type, notnull, pk, dflt_value }) => ({ name, type, notnull, pk, dflt_value }));
    expect(known).toEqual(bare);
  });

  it.each(tables.map((table) => [table.name, table] as const))('%s has the same indexes', async (name, table) => {
    const made = await rows<{ name: string; unique: number; partial: number; origin: string }>(
      `PRAGMA index_list(${name})`,
    );
    const known = table.indexes.map(({ config }) => ({
      name: config.name,
      unique: Number(config.unique),
      partial: Number(config.where !== undefined),
    }));
    const bare = made
      .filter(({ origin }) => origin === 'c')
      .map(({ name, unique, partial }) => ({ name, unique, partial }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(known.sort(byName)).toEqual(bare.sort(byName));
  });

  it.each(tables.map((table) => [table.name, table] as const))('%s has the same references', async (name, table) => {
    const made = await rows<{ from: string; table: string; to: string }>(`PRAGMA foreign_key_list(${name})`);
    const known = table.foreignKeys.map((key) => {
      const { columns, foreignTable, foreignColumns } = key.reference();
      return { from: columns[0]!.name, table: getTableConfig(foreignTable).name, to: foreignColumns[0]!.name };
    });
    const inOrder = (keys: { from: string; table: string; to: string }[]) =>
      keys.map(({ from, table, to }) => `${from} -> ${table}.${to}`).sort();
    expect(inOrder(known)).toEqual(inOrder(made));
  });
});
