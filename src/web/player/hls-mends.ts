// Two errors of hls.js 1.7.4 that make a change of quality stand still, mended in the playlist it has just parsed.

/** The attributes of an EXT-X-RENDITION-REPORT. */
export type RenditionReport = { [name: string]: unknown };

/** What is touched of a part. */
export interface ListedPart {
  readonly fragment: { readonly sn: number | string };
  readonly loaded: boolean;
  gap: boolean;
}

/**
 * hls.js takes LAST-PART=0 for a missing one, and asks the other rendition for a part that lies a segment ahead: the
 * change would wait for it. The end of the segment before means the same, and is there.
 */
export function mendReports(reports: readonly RenditionReport[]): void {
  for (const report of reports) {
    if (report['LAST-PART'] !== '0') continue;
    report['LAST-PART'] = '';
    report['LAST-MSN'] = String(Math.max(0, Number(report['LAST-MSN']) - 1));
  }
}

/**
 * A rendition that was entered in the middle of a segment never loads the parts before; at the end of that segment
 * hls.js may choose it again because of them, find it buffered, and do nothing from then on. They are marked as gaps,
 * which it steps over.
 */
export function mendParts(parts: readonly ListedPart[]): void {
  let entered: number | string | null = null;
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index]!;
    if (part.loaded && !part.gap) entered = part.fragment.sn;
    else if (part.fragment.sn === entered) part.gap = true;
  }
}
