// How a room is, in words. Pure; times come in.
import type { RoomRole } from '../../protocol/chat/message.ts';
import type { Link, Refusal, RoomState } from './state.ts';

/** The modes that hold, one sentence each. */
export function modeWords({ room }: RoomState): string[] {
  if (room === null) return [];
  const { slowSeconds, followersOnlyMinutes, subscribersOnly, emoteOnly, unique, minAccountAgeMinutes } = room.settings;
  const slowest = Math.max(slowSeconds, room.automaticSlowSeconds);
  return [
    ...(slowest > 0 ? [`Slow mode: ${duration(slowest)}`] : []),
    ...(followersOnlyMinutes === null
      ? []
      : [
          followersOnlyMinutes === 0
            ? 'Followers only'
            : `Followers only: after ${duration(followersOnlyMinutes * 60)}`,
        ]),
    ...(subscribersOnly ? ['Subscribers only'] : []),
    ...(emoteOnly ? ['Emoji only'] : []),
    ...(unique ? ['Nothing twice'] : []),
    ...(minAccountAgeMinutes > 0 ? [`Accounts older than ${duration(minAccountAgeMinutes * 60)}`] : []),
  ];
}

/** Why nobody can say something at the moment; null: they can. */
export function shutWords({ room, you }: RoomState): string | null {
  if (room === null || room.isOpen) return null;
  if (room.streamState === 'ended') return 'The stream has ended, and its chat is closed.';
  // Staff set the stage.
  return you?.mayModerate ? null : 'The chat opens when the stream begins.';
}

export function linkWords(link: Link): string | null {
  switch (link.kind) {
    case 'open':
      return null;
    case 'starting':
      return 'Opening the chat';
    case 'away':
      return 'Connection lost. Coming back by itself.';
    case 'over':
      return OVER_WORDS[link.reason];
  }
}

const OVER_WORDS: Record<Extract<Link, { kind: 'over' }>['reason'], string> = {
  room_closed: 'The stream has ended, and its chat is closed.',
  replaced: 'This chat goes on in another window. Reload the page to have it here.',
  misbehaved: 'The room has closed the connection. Reload the page.',
  wrong_version: 'Footlight was updated. Reload the page for the chat.',
  shut: 'The chat is not open to you.',
  // These lead back in, and are never the end.
  signed_out: 'Signed out. Reload the page.',
  roles_changed: 'What you may do has changed. Reload the page.',
  gate_changed: 'Who may come in has changed. Reload the page.',
  moved: 'The room has grown. Reload the page.',
};

/** "Slow mode: 8 s more." and the like: with the wait, as long as there is one. */
export function refusalWords({ code, detail, untilMs }: Refusal, nowMs: number): string {
  const leftSeconds = untilMs === null ? 0 : Math.ceil((untilMs - nowMs) / 1000);
  if (untilMs !== null && leftSeconds <= 0) return 'You can send it now.';
  const wait = leftSeconds > 0 ? `${duration(leftSeconds)} more.` : '';
  switch (code) {
    case 'slow_mode':
      return `Slow mode: ${wait}`;
    case 'rate_limited':
      return `That was a lot at once: ${wait || 'wait a moment.'}`;
    case 'message_denied':
      return 'That may not be said here. Nobody has seen it.';
    case 'message_held':
      return 'A moderator has to look at that first. Nobody has seen it.';
    case 'followers_only':
      return `Only followers may say something here${leftSeconds > 0 ? `; you may in ${duration(leftSeconds)}` : ''}.`;
    case 'subscribers_only':
      return 'Only subscribers may say something here.';
    case 'emote_only':
      return 'Only emoji may be said here.';
    case 'said_before':
      return 'That was said before; here everything is said once.';
    case 'account_too_new':
      return `Your account is too new for this room${leftSeconds > 0 ? `: ${duration(leftSeconds)} more` : ''}.`;
    case 'room_closed':
      return 'The chat is closed.';
    case 'not_found':
      return 'The message is gone.';
    default:
      return detail;
  }
}

/** "45 s", "10 min", "2 h", "3 d": rounded up. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.ceil(seconds / 3600)} h` : `${Math.ceil(seconds / 86_400)} d`;
}

/** What stands before a name; the highest of what they are. */
export const BADGE_WORDS: Record<RoomRole, { letter: string; name: string }> = {
  admin: { letter: 'A', name: 'Footlight' },
  moderator: { letter: 'M', name: 'Moderator of Footlight' },
  owner: { letter: '★', name: 'Broadcaster' },
  channel_moderator: { letter: 'M', name: 'Moderator' },
  vip: { letter: 'V', name: 'VIP' },
};
