// The room as it was when the picture was there: what was fetched of the past and what the socket has told, in the order of the programme. Pure.
import type { Message } from '../../protocol/chat/message.ts';
import { momentOf, saidIn } from './due.ts';
import { LINES_MAX, type Line } from './state.ts';
import { messageLine } from './take-events.ts';

interface Past {
  fetched: readonly Message[];
  /** Of the socket: newer than what was fetched where both have it. */
  lines: readonly Line[];
  removed: readonly string[];
  /** Programme time of the picture. */
  untilMs: number;
}

export function replayLines({ fetched, lines, removed, untilMs }: Past): Line[] {
  const all = new Map<string, Line>();
  for (const message of fetched) all.set(message.id, messageLine(message));
  for (const line of lines) all.set(line.key, line);
  for (const id of removed) all.delete(id);
  const due: { line: Line; atMs: number; seq: number }[] = [];
  for (const line of all.values()) {
    const said = saidIn(line);
    const atMs = said && momentOf(said);
    if (atMs !== null && atMs <= untilMs) due.push({ line: withoutQuoteOf(line, removed), atMs, seq: seqOf(line) });
  }
  return due
    .sort((a, b) => a.atMs - b.atMs || a.seq - b.seq)
    .slice(-LINES_MAX)
    .map(({ line }) => line);
}

const seqOf = (line: Line): number => (line.kind === 'message' ? (line.message.seq ?? 0) : 0);

/** What was removed is not to be read in an answer to it either. */
function withoutQuoteOf(line: Line, removed: readonly string[]): Line {
  if (line.kind !== 'message' || !line.message.replyTo || !removed.includes(line.message.replyTo.id)) return line;
  return messageLine({ ...line.message, replyTo: null });
}
