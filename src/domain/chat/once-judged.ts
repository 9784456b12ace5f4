// Once the rules have judged a line: was it answered before, is a model asked, and does it wait for a moderator?
import { type LineToHold, toldAgain } from './holding.ts';
import type { RoomOutput, SendFacts } from './inputs.ts';
import { needsModel, withModelAnswer } from './moderation/model-slot.ts';
import type { Verdict } from './moderation/verdict.ts';

/** The same author has said it under the same client id; null: it is new. */
export function answeredBefore({ earlier, heldEarlier }: SendFacts, clientId: string): RoomOutput[] | null {
  if (earlier) return [{ type: 'toAsker', frame: { kind: 'accepted', clientId, ...earlier } }];
  return heldEarlier && toldAgain(heldEarlier);
}

/** What waits for a moderator anyway needs no opinion. */
export const asksModel = (verdict: Verdict, { model, restraint, byNetwork }: SendFacts): boolean =>
  model?.state === 'ask' && !restraint && !byNetwork && needsModel(verdict);

/** There is none, or it cannot be asked now. */
export const withoutModel = (verdict: Verdict, { model }: SendFacts): Verdict =>
  model?.state === 'down' && needsModel(verdict) ? withModelAnswer(verdict, 'down', model.fallback) : verdict;

/** Not null: it waits for a moderator; `isUnknown`: without its author's knowing. What anybody would have to wait for, they are told. */
export function toHold(
  line: LineToHold,
  { action }: Verdict,
  { restraint, byNetwork }: SendFacts,
): { line: LineToHold; isUnknown: boolean } | null {
  if (action === 'deny') return null;
  if (action === 'hold') return { line, isUnknown: false };
  if (restraint) return { line: { ...line, reason: 'banned_person' }, isUnknown: true };
  if (!byNetwork) return null;
  // Who does not know of their ban must not learn of it by a second account.
  return { line: { ...line, reason: 'banned_network' }, isUnknown: byNetwork.effect === 'hold' };
}
