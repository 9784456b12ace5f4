// The room as it was when the picture was there: what was fetched of the past and what the socket has told, in the order of the programme. Pure.
import type { Message } from '../../protocol/chat/message.ts';
import { momentOf, saidIn } from './due.ts';
import { LINES_MAX, type Line } from './state.ts';
import { messageLine, pastLine } from './take-events.ts';

interface Past {
  fetched: readonly Message[];
  /** Of the socket: newer than what was fetched where both have it. */
  lines: readonly Line[];
  removed: readonly string[];
  clearedUpToSeq: number;
  /** Programme time of the picture. */
  untilMs: number;
}

export function replayLines({ fetched, lines, removed, clearedUpToSeq, untilMs }: Past): Line[] {
  const all = new Map<string, Line>();
  for (const message of fetched) {
    const isCleared = !message.isAnnouncement && (message.seq ?? 0) <= clearedUpToSeq;
    const line = pastLine(message);
    if (clearedUpToSeq === 0 || !isCleared) all.set(line.key, line);
  }
  for (const line of lines) all.set(line.key, line);
  for (const [key, line] of all) if (isAmong(removed, line)) all.delete(key);
  return placed([...all.values()])
    .filter(({ atMs }) => atMs <= untilMs)
    .sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    .slice(-LINES_MAX)
    .map(({ line }) => withoutQuoteOf(line, removed));
}

function isAmong(ids: readonly string[], line: Line): boolean {
  if (line.kind === 'gap') return false;
  const id = line.kind === 'message' ? line.message.id : line.id;
  return id !== null && ids.includes(id);
}

/** Each line with its moment. One that names no picture comes before what was said after it, so that no answer precedes its question. */
function placed(lines: readonly Line[]): { line: Line; atMs: number; order: number }[] {
  const said = lines.flatMap((line) => {
    const saying = saidIn(line);
    return saying ? [{ line, saying, sentAtMs: Date.parse(saying.sentAt) }] : [];
  });
  said.sort((a, b) => a.sentAtMs - b.sentAtMs || seqOf(a.line) - seqOf(b.line));
  let nextMs = Number.POSITIVE_INFINITY;
  return said
    .map(({ line, saying }, order) => ({ line, saying, order }))
    .reverse()
    .map(({ line, saying, order }) => {
      const ownMs = momentOf(saying);
      const atMs = saying.mediaTimeMs === null ? Math.min(ownMs, nextMs) : ownMs;
      nextMs = atMs;
      return { line, atMs, order };
    });
}

const seqOf = (line: Line): number => (line.kind === 'message' ? (line.message.seq ?? 0) : 0);

/** What was removed is not to be read in an answer to it either. */
function withoutQuoteOf(line: Line, removed: readonly string[]): Line {
  if (line.kind !== 'message' || !line.message.replyTo || !removed.includes(line.message.replyTo.id)) return line;
  return messageLine({ ...line.message, replyTo: null });
}
