// The processes below this one, and how much memory each part of the product holds resident (Linux: /proc).
import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Resident megabytes of everything that this process has started, by its part in the product. */
export function memoryByPart(): Map<string, number> {
  const sums = new Map<string, number>();
  for (const pid of processesBelow(process.pid)) {
    const part = partOf(pid);
    if (part) sums.set(part, (sums.get(part) ?? 0) + residentOf(pid));
  }
  return sums;
}

const TICKS_PER_SECOND = 100;

/** Seconds of processor that one part has used so far, over everything that this process has started. */
export function processorSeconds(part: string): number {
  const ticks = processesBelow(process.pid)
    .filter((pid) => partOf(pid) === part)
    .map((pid) => {
      const fields = tryRead(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      // utime and stime, proc(5): the 14th and 15th, of which the first two stand before the bracket.
      return Number(fields[11]) + Number(fields[12]) || 0;
    });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

function processesBelow(rootPid: number): number[] {
  const parents = new Map(readdirSync('/proc').flatMap((name) => parentOf(name)));
  const isBelow = (pid: number): boolean => pid === rootPid || (parents.has(pid) && isBelow(parents.get(pid)!));
  return [...parents.keys()].filter(isBelow);
}

function parentOf(name: string): [number, number][] {
  if (!/^\d+$/.test(name)) return [];
  const stat = tryRead(`/proc/${name}/stat`);
  return stat === '' ? [] : [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
}

function partOf(pid: number): string | null {
  const command = tryRead(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  if (command.includes('transcoder/main.ts')) return 'transcoder';
  if (/workerd( |$)|\/workerd /.test(command)) return 'workerd';
  if (/ffmpeg.*pipe:0/.test(command)) return 'ffmpeg (ladder)';
  return null;
}

const residentOf = (pid: number): number =>
  (Number(tryRead(`/proc/${pid}/statm`).split(' ')[1]) * PAGE_BYTES) / 1e6 || 0;

/** A process that has just ended has no files. */
function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
