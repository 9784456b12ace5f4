// The line of a sparkline, as an SVG path.

/** Newest on the right; a flat line lies in the middle, nothing is drawn for fewer than two values. */
export function sparkPath(values: readonly number[], { width, height }: { width: number; height: number }): string {
  if (values.length < 2) return '';
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const step = width / (values.length - 1);
  return values
    .map((value, index) => {
      const share = span === 0 ? 0.5 : (value - low) / span;
      return `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${(height - 2 - share * (height - 4)).toFixed(1)}`;
    })
    .join(' ');
}
