// What stands in the way of saying something, before it is judged: who may only read, bans, the hours of the room, its modes.
import type { RoomMemory, SendAsk, SendFacts } from './inputs.ts';
import { refusedByMode } from './modes.ts';
import { closedTo } from './openness.ts';
import type { RoomRefusal } from './refusal.ts';
import { refusedByBan } from './restraint.ts';
import { NOTHING_TO_ANSWER, READ_ONLY } from './room-refusals.ts';
import { settingsUnder } from './shield.ts';
import { maySend, type Speaker } from './speaker.ts';

/** The first that does; null: nothing but how fast one speaks. */
export function refusedSend(
  { speaker, ask, facts }: { speaker: Speaker; ask: SendAsk; facts: SendFacts },
  memory: RoomMemory,
  nowMs: number,
): RoomRefusal | null {
  if (!maySend(speaker)) return READ_ONLY;
  const { automaticSlowSeconds } = memory;
  const settings = settingsUnder(memory.settings, memory.shield, nowMs);
  const { lastSentAtMs, wasSaidBefore } = facts;
  return (
    refusedByBan(facts.restraint, nowMs) ??
    closedTo(speaker.roles, memory) ??
    refusedByMode({ speaker, text: ask.text, settings, automaticSlowSeconds, lastSentAtMs, wasSaidBefore }, nowMs) ??
    (ask.replyTo !== undefined && facts.replyTo === null ? NOTHING_TO_ANSWER : null)
  );
}
