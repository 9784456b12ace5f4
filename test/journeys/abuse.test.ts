// Two hundred bad requests a second: each is refused as documented, and good people notice nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS, type Kind } from '../../scripts/bench/abuse/bad-traffic.ts';
import { startTarget, type Target } from '../../scripts/bench/abuse/product.ts';
import { type AbuseReport, runAbuse } from '../../scripts/bench/abuse/run.ts';
import { median } from '../../scripts/bench/statistics.ts';
import { randomFrom } from '../support/random.ts';

const PER_SECOND = 200;
const SECONDS = 10;
const SEED = 20261124;
/** A machine that runs everything else as well may fall behind by this much. */
const SENT_MIN = 0.8 * PER_SECOND * SECONDS;
/** Of half of their requests; each of them has ten seconds, and every one must succeed. */
const GOOD_MEDIAN_LIMIT_MS = 2000;

/** What each kind is refused with for what is bad about it. */
const OWN_STATUSES: Record<Kind, readonly number[]> = {
  'random body': [400],
  'huge header': [431],
  'body of 10 MB': [413],
  'unknown method': [405],
  'header injection': [400],
  'path trick': [404],
  'forged token': [401],
  'wrong values': [400],
  'wrong type': [415],
  'bad WHIP': [400],
  'bad OAuth form': [401],
};

let target: Target;
let report: AbuseReport;

beforeAll(async () => {
  target = await startTarget();
  report = await runAbuse({ ...target, random: randomFrom(SEED), perSecond: PER_SECOND, seconds: SECONDS });
});
afterAll(async () => {
  await target?.stop();
});

describe(`bad traffic (seed ${SEED})`, () => {
  it('came at its rate, and of every kind', () => {
    expect(report.sent).toBeGreaterThan(SENT_MIN);
    expect([...report.statuses.keys()].sort()).toEqual([...KINDS].sort());
  });

  it.each(Object.entries(OWN_STATUSES))('%s met its own refusal, and not only the limit of writes', (kind, own) => {
    const met = report.statuses.get(kind as Kind);
    for (const status of own) expect(met?.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
  });

  it('was refused as documented, every request of it', () => {
    expect(report.complaints).toEqual([]);
  });

  it('broke nothing: the Worker has no failure of its own to tell of', () => {
    expect(target.log()).not.toMatch(/request [\w-]+ (GET|POST|PATCH|PUT|DELETE) /);
  });

  it('did not disturb the good', () => {
    expect(report.good.failures).toEqual([]);
    expect(median(report.good.ms)).toBeLessThan(GOOD_MEDIAN_LIMIT_MS);
  });

  it('left a product that answers as before', async () => {
    const answer = await fetch(`${target.base}/api/v1/streams`);
    expect(answer.status).toBe(200);
  });
});
