// The judge of new accounts: being new is no offence, but what is doubtful from anybody is held from somebody new.
import type { Finding, Line, Suspicion } from './findings.ts';

const NEW_ACCOUNT_MS = 24 * 3_600_000;
/** Who has been heard this often is no stranger any more. */
const LINES_BEFORE_MAX = 3;
const DOUBTFUL_SCORE = 0.4;

export const isNewcomer = ({ accountAgeMs, followingForMs, linesBefore }: Line): boolean =>
  accountAgeMs < NEW_ACCOUNT_MS && linesBefore < LINES_BEFORE_MAX && (followingForMs ?? 0) < NEW_ACCOUNT_MS;

/** `others`: what the other judges found in the line. `holdNewcomers`: being new is enough. */
export function suspectNewcomer(line: Line, others: readonly Finding[], { holdNewcomers = false } = {}): Suspicion[] {
  if (!isNewcomer(line)) return [];
  const isDoubtful = others.some(({ action, score }) => action === 'allow' && score >= DOUBTFUL_SCORE);
  if (holdNewcomers) return [{ kind: 'new_account', spans: [], detail: 'new, and the shield is up', action: 'hold' }];
  const detail = isDoubtful ? 'new, and the line is doubtful' : 'new';
  return [{ kind: 'new_account', spans: [], detail, ...(isDoubtful ? { action: 'hold' as const } : {}) }];
}
