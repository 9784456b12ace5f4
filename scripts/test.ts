// `npm test`: the checks, then every test there is; the last line is the count of both.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_STEPS } from './local/check-steps.ts';
import { ROOT } from './local/settings.ts';
import { runSteps } from './local/steps.ts';
import { countTests } from './local/test-count.ts';

/** In this order: what fails fastest is told first. Real media and whole products take the machine for themselves. */
const PROJECTS = ['rules', 'doors', 'media', 'journeys'];

const checks = await runSteps(CHECK_STEPS);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const check of checks) total[check.passed ? 'passed' : 'failed'] += 1;

for (const project of PROJECTS) {
  const count = await runProject(project);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
}

if (total.skipped > 0 && process.env.CI === 'true') {
  process.stdout.write(`\n${total.skipped} tests were skipped; none may be in CI, so they count as failed.\n`);
  total.failed += total.skipped;
} else if (total.skipped > 0) {
  process.stdout.write(`\n${total.skipped} tests were skipped.\n`);
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runProject(project: string): Promise<{ passed: number; failed: number; skipped: number }> {
  const report = join(ROOT, '.footlight/test-reports', `${project}.json`);
  mkdirSync(join(ROOT, '.footlight/test-reports'), { recursive: true });
  rmSync(report, { force: true });
  process.stdout.write(`\n${project}\n`);
  const code = await new Promise<number | null>((resolve) => {
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    child.once('error', () => resolve(1));
    child.once('exit', resolve);
  });
  return countTests(readReport(report), code);
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
