// `npm run simulate:room`: a room of up to a million viewers, as a model says it would be: objects, load, latency, dollars an hour.
import { parseArgs } from 'node:util';
import { BIG_ROOM } from '../src/domain/chat/shard-plan.ts';
import { randomFrom } from '../test/support/random.ts';
import { table } from './bench/statistics.ts';
import { dollarsPerHour, LIST_PRICES } from './simulate-room/dollars.ts';
import { FAR_APART, MEASURED_COSTS } from './simulate-room/measured.ts';
import { type Shape, simulate } from './simulate-room/model.ts';

const { values: options } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000,9000,40000,200000,1000000' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    perShard: { type: 'string', default: String(BIG_ROOM.perShard) },
    from: { type: 'string', default: String(BIG_ROOM.from) },
    children: { type: 'string', default: String(BIG_ROOM.perHub) },
    hopP50: { type: 'string', default: String(FAR_APART.p50) },
    hopP99: { type: 'string', default: String(FAR_APART.p99) },
    /** Of the viewers, who come in during an hour. */
    turnover: { type: 'string', default: '1.5' },
    objectRequests: { type: 'string', default: String(LIST_PRICES.perMillionObjectRequests) },
    gigabyteSeconds: { type: 'string', default: String(LIST_PRICES.perMillionGigabyteSeconds) },
    rowsWritten: { type: 'string', default: String(LIST_PRICES.perMillionRowsWritten) },
    workerRequests: { type: 'string', default: String(LIST_PRICES.perMillionWorkerRequests) },
    seed: { type: 'string', default: '1' },
  },
});
const prices = {
  perMillionObjectRequests: Number(options.objectRequests),
  perMillionGigabyteSeconds: Number(options.gigabyteSeconds),
  perMillionRowsWritten: Number(options.rowsWritten),
  perMillionWorkerRequests: Number(options.workerRequests),
};
const costs = { ...MEASURED_COSTS, assumedHopMs: { p50: Number(options.hopP50), p99: Number(options.hopP99) } };
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const rows = options.sockets.split(',').map((sockets): (string | number)[] => {
  const shape: Shape = {
    sockets: Number(sockets),
    messagesPerSecond: Number(options.rate),
    perShard: Number(options.perShard),
    shardsFrom: Number(options.from),
    childrenMax: Number(options.children),
    seconds: Number(options.seconds),
  };
  const outcome = simulate(shape, costs, randomFrom(Number(options.seed)));
  const { objects, busy, perSecond, latencyMs } = outcome;
  const arrivalsPerHour = shape.sockets * Number(options.turnover);
  const dollars = dollarsPerHour(outcome, shape, { arrivalsPerHour, prices });
  return [
    shape.sockets,
    `1 + ${objects.hubs} + ${objects.shards}`,
    [busy.room, busy.hub, busy.shard].map(percent).join(' / '),
    `${perSecond.deliveriesOfRoom.toFixed(0)} / ${perSecond.deliveriesOfHub.toFixed(0)}`,
    perSecond.socketFramesOfShard.toFixed(0),
    `${latencyMs.p50.toFixed(0)} / ${latencyMs.p99.toFixed(0)} / ${latencyMs.max.toFixed(0)}`,
    [dollars.awake, dollars.deliveries, dollars.rows, dollars.arrivals].map((one) => one.toFixed(2)).join(' + '),
    dollars.total.toFixed(2),
  ];
});
const heads = [
  'viewers',
  'room + hubs + shards',
  'busy: room / hub / shard',
  'deliveries/s of room / hub',
  'socket frames/s of a shard',
  'send to seen p50 / p99 / max ms',
  'awake + deliveries + rows + arrivals, $/h',
  '$/h',
];
console.info(table(heads, rows));
console.info(
  `\n${options.rate} messages/s in, seed ${options.seed}, ${options.seconds} s; costs ${JSON.stringify(costs)}; prices ${JSON.stringify(prices)}.`,
);
