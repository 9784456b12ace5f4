// `npm run bench:room`: how many sockets and messages a room carries on this machine, how late a message is seen, and at what cost.
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processorSeconds } from './processes.ts';
import { Crowd } from './room/crowd.ts';
import { lineOf } from './room/lines.ts';
import { startRoomProduct } from './room/product.ts';
import { table } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    sockets: { type: 'string', default: '100,1000,5000,9000' },
    rate: { type: 'string', default: '20,50' },
    seconds: { type: 'string', default: '10' },
    /** Sockets from which shards hold them; 0: never. */
    shards: { type: 'string', default: '0' },
  },
});
const SIZES = options.sockets.split(',').map(Number);
const RATES = options.rate.split(',').map(Number);
const SECONDS = Number(options.seconds);
/** A viewer may say 0.6 messages a second; each of these says at most 0.5. */
const SPEAKERS = Math.min(Math.min(...SIZES), Math.ceil(Math.max(...RATES) * 2));
const SETTLE_MS = 1500;
/** Nobody has been moved for so long: the shards hold everybody. */
const MOVED_QUIET_MS = 3000;
const MOVED_LIMIT_MS = 60_000;
/** After the last message, for the last frame. */
const LAST_LIMIT_MS = 20_000;

const product = await startRoomProduct({
  speakers: SPEAKERS,
  vars: { ROOM_SOCKETS_MAX: '9500', ROOM_SHARD_FROM: options.shards === '0' ? '1000000' : options.shards },
});
const crowd = new Crowd({ port: product.directPort, path: product.socketPath });
const rows: (string | number)[][] = [];
let said = 0;
try {
  for (const sockets of SIZES) {
    const beganMs = performance.now();
    await crowd.growTo(sockets, crowd.size === 0 ? await product.tickets() : []);
    console.info(`${sockets} sockets after ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    await sleep(SETTLE_MS);
    if (options.shards !== '0') await crowd.settled(MOVED_QUIET_MS, MOVED_LIMIT_MS, () => speak());
    if (crowd.moves > 0)
      console.info(`${crowd.moves} moves, after ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    for (const rate of RATES) {
      const row = await measure(sockets, rate);
      console.info(row.join(' | '));
      rows.push(row);
    }
  }
} finally {
  crowd.leave();
  await product.stop();
}
const heads = [
  'sockets',
  'messages/s in',
  'deliveries/s',
  'send to seen p50 / p99 ms',
  'workerd / crowd',
  'CPU ms per 1,000 deliveries',
  'lost',
  'doubled',
  'refused, ended',
  'load before',
];
console.info(`\n${table(heads, rows)}`);
console.info(
  `\n${SECONDS} s each, ${SPEAKERS} speakers; ${cpus().length} cores (${cpus()[0]?.model}) shared with the crowd itself, Node ${process.versions.node}.`,
);

function speak(): void {
  crowd.say(said % SPEAKERS, said, lineOf(said));
  said += 1;
}

async function measure(sockets: number, rate: number): Promise<(string | number)[]> {
  const load = loadavg()[0]!.toFixed(1);
  const { tally } = crowd;
  crowd.begin();
  const fromSeq = tally.newestSeq;
  const cpuFrom = processorSeconds('workerd');
  const ownFrom = process.cpuUsage();
  const fromMs = performance.now();
  const count = rate * SECONDS;
  for (let nth = 0; nth < count; nth++) {
    const waitMs = fromMs + (nth * 1000) / rate - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    speak();
  }
  const untilMs = performance.now() + LAST_LIMIT_MS;
  const taken = () => fromSeq + count - tally.refused;
  while (crowd.behind(taken()) > 0 && performance.now() < untilMs) await sleep(50);
  const seconds = (performance.now() - fromMs) / 1000;
  const cpu = processorSeconds('workerd') - cpuFrom;
  const own = process.cpuUsage(ownFrom);
  const missing = Math.max(0, sockets * (taken() - fromSeq) - tally.deliveries);
  return [
    sockets,
    rate,
    (tally.deliveries / seconds).toFixed(0),
    `${tally.percentileMs(0.5)} / ${tally.percentileMs(0.99)}`,
    `${((100 * cpu) / seconds).toFixed(0)} % / ${((own.user + own.system) / seconds / 1e4).toFixed(0)} %`,
    ((cpu * 1e6) / tally.deliveries).toFixed(2),
    Math.max(tally.lost, missing),
    tally.doubled,
    [...tally.ends].map(([why, times]) => `${times} x ${why}`).join(', ') || 0,
    load,
  ];
}
