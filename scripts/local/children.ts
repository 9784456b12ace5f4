// Child processes, each with its whole family in one process group, so that nothing outlives the script.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd: string;
  /** Everything it says goes here. */
  logFile: string;
  /** How long it may take to end when asked, before its group is killed. */
  graceMs: number;
}

export interface Child {
  name: string;
  pid: number;
  logFile: string;
  /** Resolves when it has ended, with the exit code or the signal in words. */
  exited: Promise<string>;
  /** Resolves with the first line of stdout that matches; rejects when it ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Asks, waits for the grace time, then kills the group; resolves when no process of it is left. */
  stop(): Promise<void>;
}

/** Groups that may still have a process. */
const groups = new Set<number>();
// Whatever ends this script, nothing that it started outlives it.
process.on('exit', () => {
  for (const pid of groups) send(-pid, 'SIGKILL');
});

export function startChild({ name, command, args, env, cwd, logFile, graceMs }: ChildOptions): Child {
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(log, { end: false });
  child.stdout.pipe(log, { end: false });
  const exited = exitOf(child).then((reason) => {
    log.end();
    if (child.pid && !isGroupAlive(child.pid)) groups.delete(child.pid);
    return reason;
  });
  const pid = child.pid ?? 0;
  if (pid !== 0) groups.add(pid);
  return {
    name,
    pid,
    logFile,
    exited,
    line: (pattern) => firstLine(child, pattern, exited),
    stop: () => stopGroup(pid, graceMs),
  };
}

/** The end of a log, for the user who must find out why a child died. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });

function firstLine(child: ChildProcess, pattern: RegExp, exited: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (!pattern.test(line)) return;
      lines.close();
      child.stdout?.resume();
      resolve(line);
    });
    exited.then((reason) => reject(new Error(reason)));
  });
}

async function stopGroup(pid: number, graceMs: number): Promise<void> {
  if (pid === 0) return;
  if (!isGroupAlive(pid)) {
    groups.delete(pid);
    return;
  }
  // The leader alone first: it knows in which order its own children end.
  if (!send(pid, 'SIGTERM')) send(-pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isGroupAlive(pid) && Date.now() < deadline) await sleep(25);
  if (isGroupAlive(pid)) send(-pid, 'SIGKILL');
  const end = Date.now() + 1000;
  while (isGroupAlive(pid) && Date.now() < end) await sleep(10);
  groups.delete(pid);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function isGroupAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
