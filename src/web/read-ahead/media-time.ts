// When a part of fMP4 begins, by its own clock (ISO/IEC 14496-12: tfdt in the timescale of mdhd).

export interface MediaTime {
  trackId: number;
  ticks: number;
  ticksPerSecond: number;
}

/** By the track that begins first, as hls.js counts; null: these bytes do not say. */
export function beginningOfPart(init: ArrayBuffer, part: ArrayBuffer): MediaTime | null {
  const timescales = new Map<number, number>();
  for (const track of within(new DataView(init), ['moov', 'trak'])) {
    const [header] = within(track, ['tkhd']);
    const [media] = within(track, ['mdia', 'mdhd']);
    // Full boxes: version and flags, then two times of four or eight bytes.
    if (header && media)
      timescales.set(
        header.getUint32(header.getUint8(0) === 1 ? 20 : 12),
        media.getUint32(media.getUint8(0) === 1 ? 20 : 12),
      );
  }
  const starts = within(new DataView(part), ['moof', 'traf']).flatMap((track) => {
    const [header] = within(track, ['tfhd']);
    const [decodeTime] = within(track, ['tfdt']);
    const trackId = header?.getUint32(4);
    const ticksPerSecond = trackId !== undefined && timescales.get(trackId);
    if (!decodeTime || !ticksPerSecond) return [];
    const ticks = decodeTime.getUint8(0) === 1 ? Number(decodeTime.getBigUint64(4)) : decodeTime.getUint32(4);
    return [{ trackId, ticks, ticksPerSecond }];
  });
  return starts.sort((one, other) => secondsOf(one) - secondsOf(other))[0] ?? null;
}

export const secondsOf = ({ ticks, ticksPerSecond }: MediaTime): number => ticks / ticksPerSecond;

/** The contents of every box at the end of this path. */
function within(data: DataView, [name, ...deeper]: readonly string[]): DataView[] {
  if (name === undefined) return [data];
  const found: DataView[] = [];
  for (let at = 0; at + 8 <= data.byteLength; ) {
    const size = data.getUint32(at);
    if (size < 8 || at + size > data.byteLength) break;
    const content = new DataView(data.buffer, data.byteOffset + at + 8, size - 8);
    if (nameAt(data, at + 4) === name) found.push(...within(content, deeper));
    at += size;
  }
  return found;
}

const nameAt = (data: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => data.getUint8(at + index)));
