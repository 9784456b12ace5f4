// Builds the web client when its sources are newer than what was built last.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './tools.ts';

const SOURCES = ['src/web', 'src/protocol', 'src/domain', 'package-lock.json'];

export function isClientFresh(root: string): boolean {
  const built = newestIn(join(root, 'dist/client/index.html'));
  return built > 0 && SOURCES.every((source) => newestIn(join(root, source)) <= built);
}

export const buildClient = (root: string, logFile: string): Promise<void> =>
  runTool({
    root,
    name: 'vite',
    file: 'node_modules/vite/bin/vite.js',
    args: ['build', '--config', 'src/web/vite.config.ts'],
    logFile,
  });

/** The newest change in a file or folder, 0 when there is none. */
function newestIn(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0);
}
