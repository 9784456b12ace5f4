// The shield over a room: beside its own settings and rules a stricter set holds. Of each two the stricter, so that a shield never loosens anything.
import type { RoomSettings } from '../../protocol/chat/settings.ts';
import type { ShieldMode } from '../../protocol/shield.ts';
import type { Shield } from '../../protocol/shield-state.ts';
import type { JudgingBy } from './judging.ts';
import { ACTIONS } from './moderation/findings.ts';
import type { RoomSettings as JudgeSettings } from './moderation/judge.ts';
import { consequenceOf, STRICTNESS } from './moderation/strictness.ts';

export interface RaisedShield {
  mode: ShieldMode;
  untilMs: number;
  by: Shield['by'];
}

export const isUp = (shield: RaisedShield | null, nowMs: number): shield is RaisedShield =>
  shield !== null && shield.untilMs > nowMs;

export const shieldView = (shield: RaisedShield | null): Shield | null =>
  shield && { until: new Date(shield.untilMs).toISOString(), by: shield.by };

/** What holds in the room now. */
export function settingsUnder(own: RoomSettings, shield: RaisedShield | null, nowMs: number): RoomSettings {
  if (!isUp(shield, nowMs)) return own;
  const { mode } = shield;
  return {
    ...own,
    slowSeconds: Math.max(own.slowSeconds, mode.slowSeconds),
    followersOnlyMinutes: longer(own.followersOnlyMinutes, mode.followersOnlyMinutes),
    minAccountAgeMinutes: Math.max(own.minAccountAgeMinutes, mode.minAccountAgeMinutes),
    subscribersOnly: own.subscribersOnly || mode.subscribersOnly,
    emoteOnly: own.emoteOnly || mode.emoteOnly,
    unique: own.unique || mode.unique,
  };
}

/** By what the judges go now. */
export const underShield = (by: JudgingBy, shield: RaisedShield | null, nowMs: number): JudgingBy =>
  isUp(shield, nowMs) ? { ...by, settings: judgingUnder(by.settings, shield, nowMs) } : by;

export function judgingUnder(own: JudgeSettings, shield: RaisedShield | null, nowMs: number): JudgeSettings {
  if (!isUp(shield, nowMs)) return own;
  const { mode } = shield;
  const strictness = STRICTNESS[Math.max(STRICTNESS.indexOf(own.strictness), STRICTNESS.indexOf(mode.strictness))]!;
  return {
    ...own,
    strictness,
    links: ACTIONS[Math.max(onLinks(own.links, own), onLinks(mode.links, mode))]!,
    holdNewcomers: mode.holdNewcomers,
  };
}

/** Null: off. */
const longer = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** Null: what the strictness says. */
const onLinks = (links: JudgeSettings['links'], { strictness }: Pick<JudgeSettings, 'strictness'>): number =>
  ACTIONS.indexOf(links ?? consequenceOf('link', strictness).action);
