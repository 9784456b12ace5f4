// Counts as people read them. Pure.

/** "987", "1.2k", "34k", "5.6M". */
export function short(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 999_500 ? [1000, 'k'] : [1_000_000, 'M'];
  const scaled = count / size;
  return `${scaled < 9.95 ? scaled.toFixed(1).replace(/\.0$/, '') : Math.round(scaled)}${unit}`;
}

/** "1 viewer", "12,345 viewers". */
export const viewersWords = (viewers: number): string =>
  `${viewers.toLocaleString('en')} ${viewers === 1 ? 'viewer' : 'viewers'}`;

/** In whole percent; 0 of 0 is 0. */
export const percent = (votes: number, all: number): number => (all === 0 ? 0 : Math.round((100 * votes) / all));
