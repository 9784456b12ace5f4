// The bundle that would be deployed, in one workerd without the proxy of wrangler dev: what the code itself can carry.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import type { Settings } from '../local/settings.ts';
import { quietWrangler } from '../local/tools.ts';

/** What the inspector of workerd calls the isolate of the Worker, which is that of its Durable Objects too. */
export const ISOLATE = 'core:user:footlight';

export interface BundleOptions {
  inspectorPort?: number;
  lifted?: readonly string[];
  alias?: Record<string, string>;
  /** From the root; without it, what wrangler.toml names. */
  entry?: string;
  direct?: { port: number; entrypoint: string };
  vars?: Record<string, string>;
}

/**
 * `lifted`: rate limits of wrangler.toml that are not what is measured. `alias`: modules that others stand in for.
 * `direct`: a port that leads straight to a named entrypoint. `vars`: settings in place of those of the vars file.
 */
export async function startBundle(
  { root, stateDir, varsFile, port }: Settings,
  { inspectorPort, lifted = [], alias = {}, entry, direct, vars = {} }: BundleOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const outDir = join(stateDir, 'bundle');
  const aliases = Object.entries(alias).flatMap(([name, file]) => ['--alias', `${name}:${file}`]);
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/wrangler/bin/wrangler.js'),
      'deploy',
      ...(entry === undefined ? [] : [entry]),
      ...['--dry-run', '--outdir', outDir, ...aliases],
    ],
    { cwd: root, env: { ...process.env, ...quietWrangler }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The Worker could not be bundled: ${stderr}`);
  const bundled = join(outDir, `${basename(entry ?? 'index.ts', '.ts')}.js`);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml'));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      port,
      host: '127.0.0.1',
      ...(inspectorPort !== undefined && { inspectorPort }),
      cf: false,
      log: new Log(LogLevel.WARN),
      telemetry: { enabled: false },
      resourcePersistencePath: join(stateDir, 'state', 'v3'),
      workers: [
        {
          ...workerOptions,
          name: 'footlight',
          modulesRules: undefined,
          ratelimits: Object.fromEntries(
            Object.entries(workerOptions.ratelimits ?? {}).map(([name, one]) => [
              name,
              lifted.includes(name) ? { ...one, simple: { limit: 1_000_000, period: 60 as const } } : one,
            ]),
          ),
          bindings: { ...(workerOptions.bindings as object), ...readVars(varsFile), ...vars },
          modules: [{ type: 'ESModule', path: 'index.js', contents: readFileSync(bundled, 'utf8') }],
          ...(direct && { unsafeDirectSockets: [{ host: '127.0.0.1', ...direct }] }),
        },
      ],
    }),
  );
  await miniflare.ready;
  return { stop: () => miniflare.dispose() };
}

/** The lines that `ensureSecrets` wrote. */
const readVars = (file: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(readFileSync(file, 'utf8').matchAll(/^(\w+)='(.*)'$/gm), ([, name, value]) => [name, value]),
  );
