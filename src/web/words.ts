// Names and numbers as people read them. Pure; times come in.
import type { Genre, Visibility } from '../protocol/api.ts';
import type { PlatformRole } from '../protocol/claims.ts';
import type { LatencyProfile } from '../protocol/latency.ts';
import type { ChannelRole } from '../protocol/people.ts';

export const GENRE_WORDS: Record<Genre, string> = {
  gaming: 'Gaming',
  sports: 'Sports',
  music: 'Music',
  education: 'Education',
  talk: 'Talk',
  other: 'Other',
};

export const VISIBILITY_WORDS: Record<Visibility, { name: string; choice: string; hint: string }> = {
  public: { name: 'Public', choice: 'Everybody', hint: 'It is on the front page while it is live' },
  unlisted: { name: 'Unlisted', choice: 'Only with the link', hint: 'Whoever has the link watches' },
  private: { name: 'Private', choice: 'Only who is invited', hint: 'Invite people by their handle once it is open' },
  password: { name: 'Password', choice: 'Link and password', hint: 'Whoever has both watches' },
};

export const LATENCY_WORDS: Record<LatencyProfile, { name: string; hint: string }> = {
  'ultra-low': { name: 'Ultra low', hint: 'About 0.7 s behind; wants steady lines' },
  low: { name: 'Low', hint: 'About 1.1 s behind; right for most' },
  balanced: { name: 'Balanced', hint: 'About 1.7 s behind; kinder to mobile lines' },
  relaxed: { name: 'Relaxed', hint: 'About 3.2 s behind; the steadiest' },
};

export const CHANNEL_ROLE_WORDS: Record<ChannelRole, { name: string; hint: string }> = {
  moderator: {
    name: 'Moderator',
    hint: 'A moderator comes in to every stream of this channel, private ones too, and makes others VIP.',
  },
  vip: { name: 'VIP', hint: 'A VIP stands above the other viewers in rank.' },
};

export const PLATFORM_ROLE_WORDS: Record<PlatformRole, { name: string; hint: string }> = {
  viewer: { name: 'Viewer', hint: 'Watches, and broadcasts on channels of their own' },
  moderator: { name: 'Moderator', hint: 'Comes in to every stream, and gives and takes the roles of every channel' },
  admin: { name: 'Administrator', hint: 'Comes in everywhere, ends any stream, gives roles, reads the audit log' },
};

/** "for 5 min", "for 2 h 10 min". */
export function since(startedAt: string | null, nowMs: number): string {
  if (startedAt === null) return '';
  const minutes = Math.floor((nowMs - Date.parse(startedAt)) / 60_000);
  if (minutes < 1) return 'just started';
  if (minutes < 60) return `for ${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `for ${Math.floor(minutes / 60)} h` : `for ${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "2 d 04:05:06", "04:05:06", "05:06": what is left, rounded up so that it ends at 00:00. */
export function countdown(leftMs: number): string {
  const total = Math.max(0, Math.ceil(leftMs / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const parts = [Math.floor((total % 3600) / 60), total % 60];
  if (days > 0 || hours > 0) parts.unshift(hours);
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return days > 0 ? `${days} d ${clock}` : clock;
}

export const seconds = (value: number): string => `${value.toFixed(1)} s`;

export function bitrate(kbps: number): string {
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} Mbit/s` : `${Math.round(kbps)} kbit/s`;
}

export const moment = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));

/** "14:05". */
export const clock = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
