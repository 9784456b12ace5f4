// The check at the edge: no playlist, no media and no poster of a gated stream without a viewing pass. It asks no database.
import { isGated } from '../../domain/visibility.ts';
import type { Refusal } from '../../protocol/origin.ts';
import { PASS_PARAMETER } from '../../protocol/paths.ts';
import { type Gate, judgePass } from '../viewers.ts';

/** Null: the pass is good. `unknown`: the stream is to be denied altogether. */
export async function gateRefusal(
  env: Pick<Env, 'VIEWING_KEY'>,
  { url, gate, nowMs }: { url: URL; gate: Gate; nowMs: number },
): Promise<Omit<Refusal, 'ok'> | 'unknown' | null> {
  const verdict = await judgePass(env, { pass: url.searchParams.get(PASS_PARAMETER), gate, nowMs });
  if (verdict === 'good') return null;
  // Whoever had a pass knows of the stream, and their player has to be told what to do.
  if (verdict === 'none' && isGated(gate.visibility, 'details')) return 'unknown';
  const detail =
    verdict === 'void'
      ? 'The viewing pass in the URL has expired, or the stream was locked anew. Ask for a new one: POST /api/v1/streams/{id}/pass.'
      : 'The stream is not open to everybody. Ask for a viewing pass, POST /api/v1/streams/{id}/pass, and send it as ?pass=.';
  return { code: 'pass_needed', detail };
}
