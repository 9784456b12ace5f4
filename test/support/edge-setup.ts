// Every test file of the doors project starts on a migrated, empty database, and without the internet.
// With it comes the Worker as a whole, before the first test that would wait for it.
import 'cloudflare:test';
import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// All of them in one turn of the database: one by one they take longer than most files of tests.
const { TEST_MIGRATIONS } = env as unknown as { TEST_MIGRATIONS: D1Migration[] };
await env.DB.batch(TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))));

// A webhook that a test made and forgot is told of events: that fails quietly here, and not at a resolver or a port of this machine.
globalThis.fetch = async (input) => {
  throw new TypeError(`Nothing answers here: ${input instanceof Request ? input.url : input}`);
};
