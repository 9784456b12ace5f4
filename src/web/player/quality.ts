// The quality menu: what a stream offers, in words, and which rung a viewer's choice means in it.

export interface QualityLevel {
  /** 0 for a rendition without a picture. */
  height: number;
  width: number;
  bitrate: number;
}

/** What the viewer asked for. It outlives discontinuities, reconnects and other ladders: a height is looked up anew each time. */
export type QualityChoice =
  | { kind: 'auto' }
  | { kind: 'height'; height: number }
  | { kind: 'saver' }
  | { kind: 'audio' };

export interface QualityOption {
  choice: QualityChoice;
  label: string;
  hint: string;
}

/** Data saver caps the bitrate, not only the height (FEATURES D4). */
export const SAVER_MAX_BITRATE = 900_000;

/** The name of a rung: its short side, so that a portrait 720x1280 is 720p too. */
export const shortSide = (level: QualityLevel): number => Math.min(level.height, level.width || level.height);

/** Best first: Auto, each height once, data saver, audio only. */
export function qualityOptions(levels: readonly QualityLevel[]): QualityOption[] {
  const pictures = levels.filter(({ height }) => height > 0);
  const sides = [...new Set(pictures.map(shortSide))].sort((a, b) => b - a);
  const options: QualityOption[] = [{ choice: { kind: 'auto' }, label: 'Auto', hint: 'Follows your connection' }];
  for (const height of sides) {
    const bitrate = Math.max(...pictures.filter((level) => shortSide(level) === height).map((level) => level.bitrate));
    options.push({ choice: { kind: 'height', height }, label: `${height}p`, hint: megabits(bitrate) });
  }
  if (sides.length > 1)
    options.push({ choice: { kind: 'saver' }, label: 'Data saver', hint: 'Least data, still a picture' });
  const audio = levels.find(({ height }) => height === 0);
  if (audio) options.push({ choice: { kind: 'audio' }, label: 'Audio only', hint: megabits(audio.bitrate) });
  return options;
}

/** The index to lock in this ladder; -1 lets the player choose. */
export function levelFor(choice: QualityChoice, levels: readonly QualityLevel[]): number {
  switch (choice.kind) {
    case 'auto':
      return -1;
    case 'audio':
      return levels.findIndex(({ height }) => height === 0);
    case 'saver':
      return saverLevel(levels);
    case 'height':
      return nearestHeight(choice.height, levels);
  }
}

/** Do two choices mean the same? */
export const sameChoice = (a: QualityChoice, b: QualityChoice): boolean =>
  a.kind === b.kind && (a.kind !== 'height' || b.kind !== 'height' || a.height === b.height);

function saverLevel(levels: readonly QualityLevel[]): number {
  const pictures = indexed(levels).filter(({ level }) => level.height > 0);
  const cheap = pictures.filter(({ level }) => level.bitrate <= SAVER_MAX_BITRATE);
  const best = (cheap.length > 0 ? cheap : pictures).sort((a, b) => a.level.bitrate - b.level.bitrate);
  return best[0]?.index ?? -1;
}

/** The same height; else the next one below, since a lock is also a promise about data; else the lowest. */
function nearestHeight(height: number, levels: readonly QualityLevel[]): number {
  const pictures = indexed(levels)
    .filter(({ level }) => level.height > 0)
    .sort((a, b) => shortSide(b.level) - shortSide(a.level) || b.level.bitrate - a.level.bitrate);
  const fitting = pictures.find(({ level }) => shortSide(level) <= height);
  return (fitting ?? pictures.at(-1))?.index ?? -1;
}

const indexed = (levels: readonly QualityLevel[]) => levels.map((level, index) => ({ level, index }));

const megabits = (bitrate: number): string =>
  bitrate >= 1_000_000 ? `${(bitrate / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bitrate / 1000)} kbit/s`;
