// From what somebody wants to say to what a judge reads, and to what everybody sees.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { StreamId } from '../../protocol/ids.ts';
import type { LineToHold } from './holding.ts';
import type { RoomOutput, SendAsk, SendFacts } from './inputs.ts';
import { mentionsIn } from './mentions.ts';
import type { Line } from './moderation/findings.ts';
import type { Verdict } from './moderation/verdict.ts';
import type { RoomRefusal } from './refusal.ts';
import { deniedTrace } from './room-traces.ts';
import { authorOf, type Speaker } from './speaker.ts';

export const lineToJudge = (
  { id, roles, createdAtMs, followedAtMs }: Speaker,
  { text, linesBefore }: { text: string; linesBefore: number },
  nowMs: number,
): Line => ({
  text,
  authorId: id,
  authorRoles: roles,
  accountAgeMs: nowMs - createdAtMs,
  followingForMs: followedAtMs === null ? null : nowMs - followedAtMs,
  linesBefore,
});

export const lineOf = (
  speaker: Speaker,
  { ask, facts, verdict, streamId }: { ask: SendAsk; facts: SendFacts; verdict: Verdict; streamId: StreamId },
): LineToHold => ({
  id: facts.newId,
  streamId,
  author: authorOf(speaker),
  text: ask.text,
  shown: verdict.shown,
  found: verdict.found.flatMap(({ action, spans }) => (action === 'allow' ? [] : spans)),
  reason: verdict.reason ?? 'model',
  score: verdict.score,
  replyTo: facts.replyTo,
  mediaTimeMs: ask.mediaTimeMs ?? null,
});

/** What a judge denied: for the moderators who are there, and its trace for those who look at its author next. */
export const refusedLine = (line: LineToHold, refusal: RoomRefusal, clientId: string): RoomOutput => ({
  type: 'refuse',
  refusal,
  clientId,
  denied: { line: deniedLine(line), trace: deniedTrace(line) },
});

const deniedLine = ({ id, author, text, reason, score }: LineToHold) => ({ id, author, text, reason, score });

export const messageEvent = (
  { id, streamId, author, shown, mediaTimeMs, replyTo }: LineToHold,
  { seq, sentAt }: { seq: number; sentAt: string },
): RoomEvent => ({
  kind: 'message',
  seq,
  id,
  streamId,
  author,
  text: shown,
  sentAt,
  mediaTimeMs,
  replyTo,
  mentions: mentionsIn(shown),
});
