// The modes of a room: what each refuses to whom, and how long one has to wait.
import type { RoomSettings } from '../../protocol/chat/settings.ts';
import { type RoomRefusal, waitInWords } from './refusal.ts';
import { isStaff, isVip, type Speaker } from './speaker.ts';

export interface Attempt {
  speaker: Speaker;
  text: string;
  settings: RoomSettings;
  automaticSlowSeconds: number;
  /** When the speaker's last message was taken; null: none was. */
  lastSentAtMs: number | null;
  wasSaidBefore: boolean;
}

/** The first mode that stands in the way; null: none does. */
export function refusedByMode(attempt: Attempt, nowMs: number): RoomRefusal | null {
  if (isStaff(attempt.speaker.roles)) return null;
  for (const mode of MODES) {
    const refusal = mode(attempt, nowMs);
    if (refusal) return refusal;
  }
  return null;
}

type Mode = (attempt: Attempt, nowMs: number) => RoomRefusal | null;

const accountAge: Mode = ({ speaker, settings: { minAccountAgeMinutes } }, nowMs) => {
  const wait = secondsUntil(speaker.createdAtMs + minAccountAgeMinutes * 60_000, nowMs);
  if (minAccountAgeMinutes === 0 || wait <= 0) return null;
  return {
    code: 'account_too_new',
    detail: `The room asks for accounts of at least ${waitInWords(minAccountAgeMinutes * 60)}. Yours is old enough in ${waitInWords(wait)}.`,
    retryAfterSeconds: wait,
  };
};

const followersOnly: Mode = ({ speaker: { followedAtMs, roles }, settings: { followersOnlyMinutes } }, nowMs) => {
  if (followersOnlyMinutes === null || isVip(roles)) return null;
  if (followedAtMs === null)
    return {
      code: 'followers_only',
      detail: `The room is for followers. Follow the channel${since(followersOnlyMinutes)}.`,
    };
  const wait = secondsUntil(followedAtMs + followersOnlyMinutes * 60_000, nowMs);
  if (wait <= 0) return null;
  return {
    code: 'followers_only',
    detail: `The room is for who has followed the channel for ${waitInWords(followersOnlyMinutes * 60)}. You have in ${waitInWords(wait)}.`,
    retryAfterSeconds: wait,
  };
};

const since = (minutes: number): string => (minutes === 0 ? '' : `, and wait for ${waitInWords(minutes * 60)}`);

const subscribersOnly: Mode = ({ speaker, settings }) =>
  settings.subscribersOnly && !isVip(speaker.roles)
    ? { code: 'subscribers_only', detail: 'The room is for subscribers of the channel now. Wait until that is over.' }
    : null;

/** What a keyboard's page of emoji gives, and spaces. */
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v;

const emoteOnly: Mode = ({ text, settings }) =>
  settings.emoteOnly && !EMOJI_ONLY.test(text)
    ? { code: 'emote_only', detail: 'Only emoji may be said in the room now. Say it with them, or wait.' }
    : null;

const unique: Mode = ({ settings, wasSaidBefore }) =>
  settings.unique && wasSaidBefore
    ? { code: 'said_before', detail: 'That was said in the room before. Say it in other words.' }
    : null;

const slow: Mode = ({ speaker, settings, automaticSlowSeconds, lastSentAtMs }, nowMs) => {
  const seconds = Math.max(settings.slowSeconds, automaticSlowSeconds);
  if (seconds === 0 || lastSentAtMs === null || isVip(speaker.roles)) return null;
  const wait = secondsUntil(lastSentAtMs + seconds * 1000, nowMs);
  if (wait <= 0) return null;
  const detail = `The room takes one message of a person every ${waitInWords(seconds)}. Wait ${waitInWords(wait)}.`;
  return { code: 'slow_mode', detail, retryAfterSeconds: wait };
};

/** Those that no waiting helps against come first. */
const MODES: readonly Mode[] = [accountAge, followersOnly, subscribersOnly, emoteOnly, unique, slow];

const secondsUntil = (atMs: number, nowMs: number): number => Math.ceil((atMs - nowMs) / 1000);

/** By what two messages count as the same: letters and digits, whatever their case, width and spaces. */
export const sameness = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
