// At which second a part of fMP4 begins, by its own clock (ISO/IEC 14496-12: tfdt over the timescale of mdhd).

/** Of the track that begins first, as hls.js counts; null: these bytes do not say. */
export function beginsAtSeconds(init: ArrayBuffer, part: ArrayBuffer): number | null {
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
    const timescale = header && timescales.get(header.getUint32(4));
    if (!decodeTime || !timescale) return [];
    const ticks = decodeTime.getUint8(0) === 1 ? Number(decodeTime.getBigUint64(4)) : decodeTime.getUint32(4);
    return [ticks / timescale];
  });
  return starts.length === 0 ? null : Math.min(...starts);
}

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
