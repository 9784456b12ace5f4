// Bundles the Worker exactly as a deploy would, without an account; fails when the bundle would be refused.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './local/settings.ts';
import { quietWrangler } from './local/tools.ts';

// wrangler insists on the assets folder, which only the client's build makes.
mkdirSync(join(ROOT, 'dist/client'), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', 'dist/worker'],
  { cwd: ROOT, env: { ...process.env, ...quietWrangler }, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
