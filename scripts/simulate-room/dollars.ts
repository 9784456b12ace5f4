// What a room costs an hour, from what its objects do and from list prices.
import type { Outcome, Shape } from './model.ts';

/** US dollars, beyond what a plan includes. */
export interface Prices {
  perMillionObjectRequests: number;
  perMillionGigabyteSeconds: number;
  perMillionRowsWritten: number;
  perMillionWorkerRequests: number;
}

/** developers.cloudflare.com: Durable Objects, Pricing; Workers, Pricing. Read them anew before you count on them. */
export const LIST_PRICES: Prices = {
  perMillionObjectRequests: 0.15,
  perMillionGigabyteSeconds: 12.5,
  perMillionRowsWritten: 1,
  perMillionWorkerRequests: 0.3,
};

/** An object is billed as this much memory while it is awake, whatever it uses. */
const GIGABYTES = 0.128;
/** An event is a row and one for each of its indexes that it is in. */
const ROWS_PER_MESSAGE = 8;
/** Twenty messages that come in on a socket count as one request; what goes out is free. */
const MESSAGES_PER_REQUEST = 20;
/** The door asks the room where, then the shard, and that asks the room itself. */
const OBJECT_REQUESTS_PER_ARRIVAL = 3;

export function dollarsPerHour(
  outcome: Outcome,
  { messagesPerSecond }: Pick<Shape, 'messagesPerSecond'>,
  { arrivalsPerHour, prices }: { arrivalsPerHour: number; prices: Prices },
): { awake: number; deliveries: number; rows: number; arrivals: number; total: number } {
  const { objects, perSecond } = outcome;
  const count = objects.rooms + objects.hubs + objects.shards;
  const million = (perSecondOrNot: number): number => (perSecondOrNot * 3600) / 1e6;
  const awake = million(count * GIGABYTES) * prices.perMillionGigabyteSeconds;
  const told = perSecond.deliveriesOfRoom + objects.hubs * perSecond.deliveriesOfHub;
  const byHub = objects.hubs > 0 ? 1 : 0;
  // What somebody says on the socket of a shard is a request of that shard to the room as well, and of its hub.
  const said = messagesPerSecond / MESSAGES_PER_REQUEST + (objects.shards > 0 ? messagesPerSecond * (1 + byHub) : 0);
  const deliveries = million(told + said) * prices.perMillionObjectRequests;
  // A shard keeps how far it has told, once a frame.
  const rows =
    million(messagesPerSecond * ROWS_PER_MESSAGE + perSecond.frames * objects.shards) * prices.perMillionRowsWritten;
  const perArrival = OBJECT_REQUESTS_PER_ARRIVAL * prices.perMillionObjectRequests + prices.perMillionWorkerRequests;
  const arrivals = (arrivalsPerHour / 1e6) * perArrival;
  return { awake, deliveries, rows, arrivals, total: awake + deliveries + rows + arrivals };
}
