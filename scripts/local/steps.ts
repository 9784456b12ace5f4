// Runs commands one after the other: a line for each, its words only when it fails, a count at the end.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { dim, green, red } from './console.ts';
import { ROOT } from './settings.ts';
import { quietWrangler } from './tools.ts';

export interface Step {
  name: string;
  /** A tool's file below node_modules, or a script of ours, and its arguments. */
  run: string[];
}

export interface StepResult {
  name: string;
  passed: boolean;
}

const STEP_LIMIT_MS = 180_000;

export async function runSteps(steps: Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const started = performance.now();
    const { code, output } = await runNode(step.run);
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    process.stdout.write(`  ${code === 0 ? green('✓') : red('✗')} ${step.name.padEnd(44)} ${dim(`${seconds} s`)}\n`);
    if (code !== 0) process.stdout.write(`\n${output.trimEnd()}\n\n`);
    results.push({ name: step.name, passed: code === 0 });
  }
  return results;
}

function runNode([file = '', ...args]: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, file), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...quietWrangler },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_LIMIT_MS,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
