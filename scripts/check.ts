// `npm run check`: format, lint, types, architecture and both builds.
import { CHECK_STEPS } from './local/check-steps.ts';
import { runSteps } from './local/steps.ts';

const results = await runSteps(CHECK_STEPS);
const passed = results.filter((result) => result.passed).length;
process.stdout.write(`\n${passed} passed, ${results.length - passed} failed\n`);
process.exitCode = passed === results.length ? 0 : 1;
