// Runs a tool, installed or ours, to its end with this very Node, never through npm; its words go to a log.
import { join } from 'node:path';
import { CannotStart } from './checks.ts';
import { startChild, tailOf } from './children.ts';

const TOOL_LIMIT_MS = 120_000;

export interface ToolRun {
  root: string;
  name: string;
  /** The tool's file below the root. */
  file: string;
  args: string[];
  logFile: string;
  env?: NodeJS.ProcessEnv;
}

export async function runTool({ root, name, file, args, logFile, env }: ToolRun): Promise<void> {
  const child = startChild({
    name,
    command: process.execPath,
    args: [join(root, file), ...args],
    env: { ...process.env, ...quietWrangler, ...env },
    cwd: root,
    logFile,
    graceMs: 500,
  });
  const stopNow = (): void => void child.stop();
  const limit = setTimeout(stopNow, TOOL_LIMIT_MS);
  process.once('exit', stopNow);
  const reason = await child.exited;
  clearTimeout(limit);
  process.off('exit', stopNow);
  if (reason === 'ended with code 0') return;
  throw new CannotStart(`${name} ${reason}. Its last words (all of them: ${logFile}):\n\n${tailOf(logFile)}`);
}

/** wrangler without its banner, its statistics and its request tracing, which costs a third of the speed. */
export const quietWrangler = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  X_LOCAL_EXPLORER: 'false',
};
