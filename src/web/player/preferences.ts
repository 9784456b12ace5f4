// What a viewer's browser remembers about playing: loudness, quality, the line's speed. All of it may be missing or refused.
import type { QualityChoice } from './quality.ts';

export interface PlayerPreferences {
  volume: number;
  isMuted: boolean;
  quality: QualityChoice;
  bandwidthEstimate: number | null;
}

const KEY = 'footlight.player';
const DEFAULTS: PlayerPreferences = { volume: 1, isMuted: false, quality: { kind: 'auto' }, bandwidthEstimate: null };

export function readPreferences(): PlayerPreferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

export function savePreferences(changes: Partial<PlayerPreferences>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readPreferences(), ...changes }));
  } catch {
    // Storage is full or forbidden: the choice holds for this page only.
  }
}
