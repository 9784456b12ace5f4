// Four projects: rules (pure, milliseconds), doors (workerd), media (real ffmpeg, one at a time), journeys (whole product).
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { unstable_readConfig as readConfig } from 'wrangler';
import { importsOf } from './test/support/imports.ts';

/** As deployed; `npm start` leaves settings of its own in .dev.vars, which wrangler would put over them. */
const deployed = {
  ...readConfig({ config: './wrangler.toml' }).vars,
  OIDC_PROVIDERS: '[]',
  ADMIN_IDENTITIES: '[]',
  ICE_SERVERS: '[]',
};
const migrations = await readD1Migrations({ migrationsDir: 'migrations' });
const tokenKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const modelDouble = readFileSync(new URL('./test/support/model-double.js', import.meta.url), 'utf8');
const media = ['test/**/*.media.test.ts'];
/** The default leaves one core idle, which is half of a machine with two. */
const EVERY_CORE = '100%';
/** What the Worker imports from elsewhere, each address of it: two copies of one library would not know each other's classes. */
const BUNDLED = globSync('{src,durable-objects}/**/*.ts', { exclude: ['src/web/**'] })
  .flatMap((path) => importsOf(readFileSync(path, 'utf8')))
  .filter(({ specifier, isTypeOnly }) => !isTypeOnly && /^(?!cloudflare:|node:)[@a-z]/.test(specifier))
  .map(({ specifier }) => specifier);
/** Of that bundle, where nobody looks for a mistake: with their maps each file of tests would load three times as much. */
const WITHOUT_MAPS: Plugin = {
  name: 'bundle-without-maps',
  enforce: 'pre',
  transform: (code, id) => (id.includes('/deps_ssr/') ? { code, map: { mappings: '' } } : null),
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'rules',
          environment: 'node',
          include: ['test/*.test.ts', 'test/{protocol,domain,transcoder,scripts,web}/**/*.test.ts'],
          exclude: media,
          maxWorkers: EVERY_CORE,
        },
      },
      {
        plugins: [
          WITHOUT_MAPS,
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ...deployed,
                TEST_MIGRATIONS: migrations,
                MODE: 'local',
                NODE_SECRET: 'test-node-secret-test-node-secret',
                PUBLIC_URL: 'http://edge.test',
                VIEWING_KEY: 'test-viewing-key-test-viewing-key',
                TOKEN_KEY: JSON.stringify(tokenKey),
                WRAPPING_KEY: randomBytes(32).toString('base64url'),
                // Off, but where a test names a model.
                CHAT_MODEL: '',
              },
              // At the far end of the binding of Workers AI stands a double.
              serviceBindings: { AI: { name: 'model-double', entrypoint: 'Model' } },
              workers: [
                {
                  name: 'model-double',
                  compatibilityDate: '2026-07-01',
                  modules: [{ type: 'ESModule', path: 'model-double.js', contents: modelDouble }],
                },
              ],
            },
          }),
        ],
        test: {
          name: 'doors',
          include: ['test/{durable-objects,routes,storage,auth,jobs}/**/*.test.ts'],
          setupFiles: ['./test/support/edge-setup.ts'],
          // With a worker on every core, a door that is asked three hundred times waits for the others.
          testTimeout: 20_000,
          // A runtime for each file: sharing one would save a second or two of each, and leave rows, queues and remembered keys to the next.
          maxWorkers: EVERY_CORE,
          // Bundled once for the run: else each file fetches the hundreds of modules of these again. (And obscenity is CommonJS
          // behind an import of its default, which the runtime of the tests does not take apart by itself.)
          deps: { optimizer: { ssr: { enabled: true, include: [...new Set(BUNDLED)] } } },
        },
      },
      {
        test: {
          name: 'media',
          environment: 'node',
          include: media,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'journeys',
          environment: 'node',
          include: ['test/{browser,journeys}/**/*.test.ts'],
          globalSetup: ['./test/support/shared-product.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
