// What `npm run check` and the first half of `npm test` run: everything that can be said without playing a stream.
import type { Step } from './steps.ts';

const tsc = (project: string): string[] => [
  'node_modules/typescript/bin/tsc',
  '--noEmit',
  '-p',
  `tsconfig.${project}.json`,
];

export const CHECK_STEPS: Step[] = [
  { name: 'format and lint', run: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types of the Worker', run: tsc('edge') },
  { name: 'types of the transcoder and the scripts', run: tsc('node') },
  // With -b: the client sees the doors of the Worker as types alone, which are made first.
  { name: 'types of the client', run: ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.web.json'] },
  {
    name: 'architecture',
    run: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'rules', 'test/architecture.test.ts'],
  },
  { name: 'client builds', run: ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts'] },
  { name: 'Worker deploys (dry run)', run: ['scripts/dry-run-deploy.ts'] },
];
