// The place of a model among the judges: which verdicts the rules doubt, and what its answer, or its silence, makes of them.
import type { Verdict } from './verdict.ts';

/** What a model says: how likely the line is harmful, 0 to 1. */
export interface ModelAnswer {
  harm: number;
}

/** What holds when the model does not answer: the verdict of the rules stands, or the line is held. */
export const MODEL_FALLBACKS = ['allow', 'hold'] as const;
export type ModelFallback = (typeof MODEL_FALLBACKS)[number];

/** Between these the rules are not sure enough to be alone. */
const DOUBT = { from: 0.35, below: 0.87 };
const HARMLESS_BELOW = 0.3;
const HARMFUL_FROM = 0.6;
const CERTAINLY_HARMFUL_FROM = 0.95;

/** Masked and denied lines are decided: the word was there. */
export const needsModel = ({ action, score }: Verdict): boolean =>
  (action === 'allow' || action === 'hold') && score >= DOUBT.from && score < DOUBT.below;

/** Only for a verdict that needs the model. `down`: no answer to be had; `late`: not within the time limit. */
export function withModelAnswer(
  verdict: Verdict,
  answer: ModelAnswer | 'down' | 'late',
  fallback: ModelFallback,
): Verdict {
  if (answer === 'down' || answer === 'late') return fallback === 'hold' ? { ...verdict, action: 'hold' } : verdict;
  const { harm } = answer;
  if (harm >= CERTAINLY_HARMFUL_FROM) return { ...verdict, action: 'deny', shown: '', score: harm };
  if (harm >= HARMFUL_FROM) return { ...verdict, action: 'hold', score: Math.max(harm, verdict.score) };
  if (harm >= HARMLESS_BELOW || verdict.action !== 'hold' || !isOpinion(verdict)) return verdict;
  const mask = verdict.found.find(({ action }) => action === 'mask');
  return { ...verdict, action: mask ? 'mask' : 'allow', reason: mask?.kind ?? null, score: harm };
}

/** What a model reads better than a list: words. Links, floods and raids stay held, whatever it thinks of the text. */
const isOpinion = ({ found }: Verdict): boolean =>
  found.every(
    ({ kind, action }) =>
      action !== 'hold' || kind === 'harassment' || kind === 'threat' || kind === 'scam' || kind === 'new_account',
  );
