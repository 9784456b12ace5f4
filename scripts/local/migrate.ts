// Brings the local database to the newest migration, in one start of the runtime: `wrangler d1 migrations apply` takes one for each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getPlatformProxy, unstable_splitSqlQuery as statementsOf } from 'wrangler';

/** The members of a D1 database that this needs. */
interface Database {
  prepare(query: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}
interface Statement {
  bind(...values: string[]): Statement;
  run(): Promise<unknown>;
  all<Row>(): Promise<{ results: Row[] }>;
}

/** As wrangler keeps it, so that either goes on where the other has stopped. */
const APPLIED = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

const [root = '', stateDir = ''] = process.argv.slice(2);
const folder = join(root, 'migrations');
const { env, dispose } = await getPlatformProxy<{ DB: Database }>({
  configPath: join(root, 'wrangler.toml'),
  persist: { path: join(stateDir, 'v3') },
  envFiles: [],
  remoteBindings: false,
});
try {
  await env.DB.prepare(APPLIED).run();
  const { results } = await env.DB.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql') && !applied.has(file));
  for (const file of files.sort()) {
    const statements = statementsOf(readFileSync(join(folder, file), 'utf8'));
    await env.DB.batch([
      ...statements.map((statement) => env.DB.prepare(statement)),
      env.DB.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(file),
    ]);
    process.stdout.write(`${file}\n`);
  }
} finally {
  await dispose();
}
