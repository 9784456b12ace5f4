// `npm run bench:abuse`: what a local product answers to 200 bad requests a second, and how good people fare meanwhile.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { randomFrom } from '../../test/support/random.ts';
import { startTarget } from './abuse/product.ts';
import { runAbuse } from './abuse/run.ts';
import { percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const SHOWN_MAX = 20;

const load = loadavg()[0]?.toFixed(1);
const target = await startTarget();
try {
  const { sent, statuses, complaints, good } = await runAbuse({
    ...target,
    random: randomFrom(Number(options.seed)),
    perSecond: Number(options['per-second']),
    seconds: Number(options.seconds),
  });
  const rows = [...statuses].map(([kind, counts]) => [
    kind,
    [...counts]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${count} x ${status}`)
      .join(', '),
  ]);
  console.info(table(['bad request', 'answers'], rows));
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(good.ms, share).toFixed(0));
  console.info(
    `\n${sent} bad requests in ${options.seconds} s (seed ${options.seed}, load before ${load}), ${complaints.length} answers that are not documented.`,
  );
  console.info(
    `${good.ms.length} good requests meanwhile, p50 / p99 ${p50} / ${p99} ms, ${good.failures.length} failed.`,
  );
  for (const what of [...new Set([...complaints, ...good.failures])].slice(0, SHOWN_MAX)) console.info(`  ${what}`);
  process.exitCode = complaints.length + good.failures.length === 0 ? 0 : 1;
} finally {
  await target.stop();
}
