// A local database goes on from whatever it has: each migration is applied once, in order, and wrangler's own table says so.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../scripts/local/settings.ts';

const LIMIT_MS = 60_000;
const files = readdirSync(join(ROOT, 'migrations')).sort();

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'footlight-migrate-'));
  mkdirSync(join(dir, 'root/migrations'), { recursive: true });
  copyFileSync(join(ROOT, 'wrangler.toml'), join(dir, 'root/wrangler.toml'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The migrations that came by, as the product has grown so far. */
function migrate(known: readonly string[]): string[] {
  for (const file of known) copyFileSync(join(ROOT, 'migrations', file), join(dir, 'root/migrations', file));
  const script = join(ROOT, 'scripts/local/migrate.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, join(dir, 'root'), join(dir, 'state')], {
    encoding: 'utf8',
    timeout: LIMIT_MS / 2,
  });
  expect(status, stderr).toBe(0);
  return stdout.split('\n').filter((line) => line.endsWith('.sql'));
}

function database(): DatabaseSync {
  const folder = join(dir, 'state/v3/d1/miniflare-D1DatabaseObject');
  const [file = ''] = readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
  return new DatabaseSync(join(folder, file), { readOnly: true });
}

it('applies what is new, and nothing twice', { timeout: LIMIT_MS }, () => {
  const before = files.slice(0, 3);
  expect(migrate(before)).toEqual(before);
  expect(migrate(files)).toEqual(files.slice(3));
  expect(migrate(files)).toEqual([]);
  const applied = database().prepare('SELECT name FROM d1_migrations ORDER BY id').all();
  expect(applied.map(({ name }) => name)).toEqual(files);
  expect(database().prepare('SELECT COUNT(*) AS users FROM users').get()).toEqual({ users: 0 });
});
