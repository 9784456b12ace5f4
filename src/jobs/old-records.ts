// Forgets what moderation has kept for as long as docs/privacy.md says, whether or not anything new of the kind is written.
import { sweepAppeals } from '../storage/appeals.ts';
import { sweepActs } from '../storage/person-acts.ts';
import { sweepReports } from '../storage/report-sweep.ts';
import { sweepSightings } from '../storage/sightings.ts';

export async function forgetOldRecords({ DB }: Pick<Env, 'DB'>, nowMs: number): Promise<void> {
  await sweepAppeals(DB, nowMs);
  await sweepReports(DB, nowMs);
  await sweepActs(DB, nowMs);
  await sweepSightings(DB, nowMs);
}
