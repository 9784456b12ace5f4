// Bad traffic at a steady rate, and good people meanwhile: what either was answered.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedStream } from '../../../src/protocol/api.ts';
import { type Ask, readJson, signIn } from '../../local/api.ts';
import { type BadTrafficOptions, badTraffic, type Kind } from './bad-traffic.ts';
import { complaintOf } from './judge.ts';
import { sendRaw } from './raw-request.ts';

export interface AbuseReport {
  sent: number;
  /** How often each kind was answered with each status; 0: with none. */
  statuses: Map<Kind, Map<number, number>>;
  /** What no documentation knows, by kind. */
  complaints: string[];
  good: { ms: number[]; failures: string[] };
}

export interface AbuseOptions extends Omit<BadTrafficOptions, 'host'> {
  base: string;
  perSecond: number;
  seconds: number;
}

/** In flight at once; beyond, the product has stopped answering, and more would measure us. */
const IN_FLIGHT_MAX = 1000;
const GOOD_EVERY_MS = 200;
const TICK_MS = 20;

export async function runAbuse({ base, perSecond, seconds, ...traffic }: AbuseOptions): Promise<AbuseReport> {
  const report: AbuseReport = { sent: 0, statuses: new Map(), complaints: [], good: { ms: [], failures: [] } };
  const next = badTraffic({ ...traffic, host: new URL(base).host });
  const ask = await signIn(base, 'ben');
  const stream = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title: 'Undisturbed' }));
  const inFlight = new Set<Promise<void>>();
  const startedMs = performance.now();
  const isOver = () => performance.now() - startedMs > seconds * 1000;
  const people = beGood(ask, { base, streamId: stream.id, good: report.good, isOver });
  while (!isOver()) {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * perSecond);
    for (; report.sent < due && inFlight.size < IN_FLIGHT_MAX; report.sent += 1) {
      const one = abuse().finally(() => inFlight.delete(one));
      inFlight.add(one);
    }
    await sleep(TICK_MS);
  }
  await Promise.all([people, ...inFlight]);
  await ask('DELETE', `/api/v1/streams/${stream.id}`);
  return report;

  async function abuse(): Promise<void> {
    const { kind, bytes } = next();
    const answer = await sendRaw(base, bytes);
    const status = typeof answer === 'string' ? 0 : answer.status;
    const counts = report.statuses.get(kind) ?? new Map<number, number>();
    report.statuses.set(kind, counts.set(status, (counts.get(status) ?? 0) + 1));
    const complaint = complaintOf(kind, answer);
    if (complaint) report.complaints.push(`${kind}: ${complaint} <- ${firstLineOf(bytes)}`);
  }
}

const firstLineOf = (bytes: Buffer): string => bytes.subarray(0, 120).toString('latin1').split('\r\n')[0] ?? '';

/** Reads, a change now and then within the limit of writes, and a page. */
async function beGood(
  ask: Ask,
  {
    base,
    streamId,
    good,
    isOver,
  }: { base: string; streamId: string; good: AbuseReport['good']; isOver: () => boolean },
): Promise<void> {
  for (let round = 0; !isOver(); round += 1) {
    const startedMs = performance.now();
    const what = [
      () => ask('GET', '/api/v1/streams?state=waiting'),
      () => ask('GET', `/api/v1/streams/${streamId}`),
      () => fetch(`${base}/`, { signal: AbortSignal.timeout(10_000) }),
      () => ask('GET', '/api/v1/channels'),
      ...(round % 5 === 0 ? [() => ask('PATCH', `/api/v1/streams/${streamId}`, { title: `Round ${round}` })] : []),
    ];
    const one = what[round % what.length]!;
    try {
      const answer = await one();
      await answer.arrayBuffer();
      if (answer.ok) good.ms.push(performance.now() - startedMs);
      else good.failures.push(`${answer.url} answered ${answer.status}`);
    } catch (error) {
      good.failures.push(error instanceof Error ? error.message : String(error));
    }
    await sleep(GOOD_EVERY_MS);
  }
}
