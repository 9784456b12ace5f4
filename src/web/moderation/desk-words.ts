// What a moderator reads: why a line was held, what changed in the room, for how long. Pure.

import type { AuditAction } from '../../protocol/audit.ts';
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import type { RoomView } from '../../protocol/chat/settings.ts';
import type { ModeratorRole } from '../../protocol/moderation.ts';
import type { ReportReason } from '../../protocol/reports.ts';
import type { TripName } from '../../protocol/shield-state.ts';
import { duration, modeWords } from '../chat/room-words.ts';
import { EMPTY_ROOM } from '../chat/state.ts';
import { moment } from '../words.ts';

/** By the reason codes of a judge; one that is not known is shown as it is. */
const REASONS: Record<string, string> = {
  slur: 'Slur',
  harassment: 'Harassment',
  threat: 'Threat',
  sexual: 'Sexual',
  profanity: 'Bad language',
  insult: 'Insult',
  channel_word: 'Word of this channel',
  platform_word: 'Word of Footlight',
  scam: 'Looks like a scam',
  link: 'Link to an unknown site',
  short_link: 'Short link',
  disguised_link: 'Link in disguise',
  lookalike_link: 'Link to a look-alike',
  caps: 'Shouting',
  flood: 'Flood',
  duplicate: 'Said again and again',
  raid: 'Many say the same',
  new_account: 'New account',
  banned_person: 'Held back by a moderator',
  banned_network: 'From the network of somebody banned',
};
export const reasonWords = (reason: string): string =>
  REASONS[reason] ?? capital(reason.replaceAll('_', ' ')) ?? 'Doubtful';

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

export const scoreWords = (score: number): string => `${Math.round(score * 100)} %`;

export const ROLE_WORDS: Record<ModeratorRole, string> = {
  channel_moderator: 'You moderate this channel',
  owner: 'Your channel',
  moderator: 'As a moderator of Footlight',
  admin: 'As an administrator',
};

/** What a moderator reaches with one click. */
export const TIMEOUTS: readonly { seconds: number; words: string }[] = [
  { seconds: 60, words: '1 min' },
  { seconds: 600, words: '10 min' },
  { seconds: 3600, words: '1 h' },
  { seconds: 86_400, words: '1 day' },
];
/** Of the key `t`. */
export const QUICK_TIMEOUT_SECONDS = 600;

/** What was done about somebody, for their card. */
export const ACT_WORDS: Partial<Record<AuditAction, string>> = {
  'ban.placed': 'Banned',
  'ban.lifted': 'Ban lifted',
  'message.removed': 'Message removed',
  'message.held': 'Message held',
  'message.denied': 'Message denied',
  'message.approved': 'Message approved',
  'message.expired': 'Held message ran out',
};

export const REPORT_REASONS: Record<ReportReason, string> = {
  spam: 'Spam',
  harassment: 'Harassment',
  hate: 'Hate',
  sexual: 'Sexual content',
  threat: 'Threat',
  self_harm: 'Self-harm',
  scam: 'Scam',
  other: 'Something else',
};

export const BAN_REASONS: readonly string[] = [
  'Spam or advertising',
  'Harassment',
  'Hate',
  'Sexual content',
  'Threats',
  'Evading a ban',
];

export const forWords = (seconds: number | null): string =>
  seconds === null ? 'for good' : `for ${duration(seconds)}`;

/** What one of the moderators has done, in one sentence. */
export function actWords({ act, by, user, scope, ban, messageIds }: ModeratorAct): string {
  const whom = user?.name ?? 'somebody who left';
  const where = scope === 'platform' ? ' everywhere' : '';
  switch (act) {
    case 'banned': {
      const long = ban?.until ? ` until ${moment(ban.until)}` : ' for good';
      const what = ban?.effect === 'hold' ? 'holds back unseen what' : ban?.until ? 'has timed out' : 'has banned';
      const about = ban?.effect === 'hold' ? `${what} ${whom} says` : `${what} ${whom}`;
      return `${by.name} ${about}${where}${long}${ban?.reason ? `: ${ban.reason}` : ''}.`;
    }
    case 'lifted':
      return `${by.name} lets ${whom} speak again${where}.`;
    case 'removed':
      return `${by.name} has removed ${messageIds.length === 1 ? 'an earlier message' : `${messageIds.length} earlier messages`}.`;
    case 'cleared':
      return `${by.name} has cleared the chat.`;
  }
}

type Room = Omit<RoomView, 'pinned'>;

/** What has changed in how a room is, in one sentence; null: nothing that one would say. */
export function modesWords(before: Room | null, after: Room): string | null {
  const state = before?.streamState === after.streamState ? null : STATE_WORDS[after.streamState];
  const now = wordsOf(after);
  const modes =
    before === null || now === wordsOf(before) ? null : now === '' ? 'No mode holds any more.' : `Modes now: ${now}.`;
  const shield = (before?.shield == null) === (after.shield === null) ? null : shieldWords(after.shield);
  const judge = before === null || before.judge === after.judge ? null : JUDGE_WORDS[after.judge];
  return [state, shield, judge, modes].filter((words) => words !== null).join(' ') || null;
}

const shieldWords = (shield: Room['shield']): string => {
  if (shield === null) return 'The shield is down.';
  return shield.by === 'itself' ? 'The shield has gone up by itself.' : 'The shield is up.';
};

export const JUDGE_WORDS: Record<Room['judge'], string> = {
  up: 'The model that judges with us answers again.',
  down: 'The model that judges with us does not answer; the rules judge alone.',
  off: 'No model judges with us.',
};

export function trippedWords(trip: TripName, count: number, limit: number): string {
  return `The shield holds because of a raid: ${count} ${TRIP_WORDS[trip]}, more than ${limit}.`;
}

const TRIP_WORDS: Record<TripName, string> = {
  joinsPerMinute: 'came in within a minute',
  messagesPerSecond: 'messages a second',
  deniedPerMinute: 'lines denied or held within a minute',
};

const wordsOf = (room: Room): string => modeWords({ ...EMPTY_ROOM, room }).join(', ');

const STATE_WORDS: Record<Room['streamState'], string> = {
  waiting: 'The stream waits for its encoder.',
  live: 'The stream is live.',
  interrupted: 'The stream is interrupted.',
  ended: 'The stream has ended.',
};

/** "4:12", "0:09". */
export function clockWords(leftMs: number): string {
  const total = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}
