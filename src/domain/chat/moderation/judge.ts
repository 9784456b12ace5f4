// Before anybody sees a line: all judges in turn, their findings, one verdict. Pure: the memory goes in and comes out.
import type { Action, Finding, Line, Suspicion } from './findings.ts';
import { fold } from './fold.ts';
import { layOut } from './layout.ts';
import { suspectLinks } from './links.ts';
import { suspectNewcomer } from './newcomer.ts';
import { type CompiledLists, suspectOwnWords } from './own-lists.ts';
import { type Memory, suspectRepeats } from './repeats.ts';
import { suspectShape } from './shape.ts';
import { suspectSolicitation } from './solicitation.ts';
import { consequenceOf, passes, type Strictness } from './strictness.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { findKnownWords } from './vocabulary.ts';

export interface RoomSettings {
  strictness: Strictness;
  /** Sites that the room lets through beside the well-known ones: "example.com" means what stands below it too. */
  allowedSites: readonly string[];
  /** What follows from a link to any other site; null: what the strictness says. */
  links: Action | null;
  /** Whatever somebody new says is held. */
  holdNewcomers?: boolean;
}

export const STANDARD: RoomSettings = { strictness: 'standard', allowedSites: [], links: null };

export interface JudgeContext {
  lists: CompiledLists;
  settings: RoomSettings;
  memory: Memory;
  nowMs: number;
}

/** `memory` is that of the room: hand in the one that came out last, beginning with EMPTY_MEMORY. */
export function judge(
  line: Line,
  { lists, settings, memory, nowMs }: JudgeContext,
): { verdict: Verdict; memory: Memory } {
  const { text } = line;
  const units = fold(text);
  const layout = layOut(units);
  const repeats = suspectRepeats(line, units, { memory, nowMs });
  const words = findKnownWords(layout, text).map(({ kind, term, from, to }) => ({
    kind,
    spans: [{ from, to }],
    detail: term,
  }));
  const suspicions: Suspicion[] = [
    ...suspectOwnWords(lists, layout, text),
    ...words,
    ...suspectSolicitation(layout, text),
    ...suspectLinks(units, text, settings.allowedSites),
    ...suspectShape(units, text),
    ...repeats.found,
  ];
  const decided = suspicions.map((suspicion) => decide(suspicion, settings));
  const all = [...decided, ...suspectNewcomer(line, decided, settings).map((suspicion) => decide(suspicion, settings))];
  const counted = all.filter((finding) => !passes(line.authorRoles, finding));
  return { verdict: verdictOf(text, counted), memory: repeats.memory };
}

function decide(suspicion: Suspicion, { strictness, links }: RoomSettings): Finding {
  const { kind, spans, detail } = suspicion;
  const byTable =
    kind === 'channel_word' || kind === 'platform_word'
      ? { action: 'hold' as const, score: 1 }
      : consequenceOf(kind, strictness);
  const action = suspicion.action ?? (kind === 'link' && links ? links : byTable.action);
  return { kind, spans, detail, action, score: suspicion.score ?? byTable.score };
}
