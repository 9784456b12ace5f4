// Many findings become one verdict, and a mask covers what was found.
import { ACTIONS, type Action, type Finding, type FindingKind, type Span } from './findings.ts';

export interface Verdict {
  action: Action;
  /** What everybody may see: the line as written, or with parts masked; of a held line what is shown once it is approved; of a denied one nothing. */
  shown: string;
  /** The kind of the finding that decided; null: nothing was found that counts. */
  reason: FindingKind | null;
  /** 0: harmless; 1: certainly not. */
  score: number;
  found: Finding[];
}

const CERTAIN = 0.99;

/** The strongest action decides; what else was found makes it more certain. */
export function verdictOf(text: string, found: Finding[]): Verdict {
  const decisive = found.toSorted((one, other) => rank(other) - rank(one))[0];
  const action = decisive?.action ?? 'allow';
  const shown =
    action === 'deny'
      ? ''
      : masked(
          text,
          found.filter((finding) => finding.action === 'mask').flatMap(({ spans }) => spans),
        );
  const reason = action === 'allow' ? null : (decisive?.kind ?? null);
  return { action, shown, reason, score: scoreOf(found), found };
}

const rank = ({ action, score }: Finding): number => ACTIONS.indexOf(action) * 10 + score;

/** Each kind counts once, as if they were independent signs. */
function scoreOf(found: readonly Finding[]): number {
  const byKind = new Map<FindingKind, number>();
  for (const { kind, score } of found) byKind.set(kind, Math.max(byKind.get(kind) ?? 0, score));
  if (byKind.size === 0) return 0;
  const doubt = [...byKind.values()].reduce((rest, score) => rest * (1 - score), 1);
  return Math.min(1 - doubt, Math.max(CERTAIN, ...byKind.values()));
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Every character that touches a span becomes one star, as people count characters; spaces stay, so that the line keeps its shape. */
export function masked(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const covered = new Uint8Array(text.length);
  for (const { from, to } of spans) covered.fill(1, from, to);
  let shown = '';
  for (const { segment, index } of characters.segment(text)) {
    const isCovered = covered.subarray(index, index + segment.length).includes(1);
    shown += isCovered && !/^\s+$/u.test(segment) ? '*' : segment;
  }
  return shown;
}
