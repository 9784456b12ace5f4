// Every test file of the doors project starts on a migrated, empty database, and without the internet.
import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

await applyD1Migrations(
  env.DB,
  (env as unknown as { TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1] }).TEST_MIGRATIONS,
);

// A webhook that a test made and forgot is told of events: that fails quietly here, and not at a resolver or a port of this machine.
globalThis.fetch = async (input) => {
  throw new TypeError(`Nothing answers here: ${input instanceof Request ? input.url : input}`);
};
