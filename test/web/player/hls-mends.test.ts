import { describe, expect, it } from 'vitest';
import { type ListedPart, mendParts, mendReports } from '../../../src/web/player/hls-mends.ts';

describe('a change of quality', () => {
  it('asks for what is there when the other rendition has just begun a segment', () => {
    const reports = [
      { URI: '../720p/index.m3u8', 'LAST-MSN': '20', 'LAST-PART': '0' },
      { URI: '../360p/index.m3u8', 'LAST-MSN': '20', 'LAST-PART': '3' },
    ];
    mendReports(reports);
    mendReports(reports);
    expect(reports).toEqual([
      { URI: '../720p/index.m3u8', 'LAST-MSN': '19', 'LAST-PART': '' },
      { URI: '../360p/index.m3u8', 'LAST-MSN': '20', 'LAST-PART': '3' },
    ]);
  });

  it('steps over the parts before the one it entered a segment by, and over no others', () => {
    const part = (sn: number, loaded: boolean): ListedPart => ({ fragment: { sn }, loaded, gap: false });
    const parts = [part(18, false), part(18, false), part(19, false), part(19, false), part(19, true), part(20, false)];
    mendParts(parts);
    expect(parts.map(({ gap }) => gap)).toEqual([false, false, true, true, false, false]);
  });
});
