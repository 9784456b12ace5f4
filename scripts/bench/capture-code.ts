// The capture time written into the picture: 40 black or white blocks that survive scaling and a lossy encode.

/** 2 rows of 20 blocks across the top: 32 bits of Unix milliseconds (the low ones), then 8 bits of check. */
export const CODE_COLUMNS = 20;
export const CODE_ROWS = 2;
/** Share of the picture's height that the strip takes. */
export const CODE_STRIP = 48 / 360;
const BITS = CODE_COLUMNS * CODE_ROWS;

/** The blocks of a moment, first row first: true is white. */
export function encodeCaptureTime(timeMs: number): boolean[] {
  const low = Math.floor(timeMs) % 2 ** 32;
  const bytes = [(low >>> 24) & 255, (low >>> 16) & 255, (low >>> 8) & 255, low & 255];
  return [...bytes, checkByte(bytes)].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1) === 1),
  );
}

/**
 * The moment in a picture's strip, or null when the picture holds none. `lumaAt(x, y)` answers 0..255 for a place
 * in 0..1 of the picture; `nowMs` tells which turn of the 49-day counter is meant.
 */
export function decodeCaptureTime(lumaAt: (x: number, y: number) => number, nowMs: number): number | null {
  const blocks: boolean[] = [];
  for (let index = 0; index < BITS; index += 1) {
    const x = ((index % CODE_COLUMNS) + 0.5) / CODE_COLUMNS;
    const y = ((Math.floor(index / CODE_COLUMNS) + 0.5) / CODE_ROWS) * CODE_STRIP;
    const luma = lumaAt(x, y);
    // Grey is neither: a cross-fade of two pictures, or no code at all.
    if (luma > 90 && luma < 165) return null;
    blocks.push(luma >= 165);
  }
  const bytes = Array.from({ length: 5 }, (_, at) =>
    blocks.slice(at * 8, at * 8 + 8).reduce((byte, white) => byte * 2 + (white ? 1 : 0), 0),
  );
  const check = bytes.pop();
  if (check !== checkByte(bytes)) return null;
  const low = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const turn = 2 ** 32;
  return low + Math.round((nowMs - low) / turn) * turn;
}

/** CRC-8, polynomial 0x07, started at 0xFF so that an all-black strip is not a code. */
function checkByte(bytes: number[]): number {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}

/** This file's functions as source that a page can evaluate: the same code reads and writes on both sides. */
export const captureCodeForPage = (): string =>
  [
    `const CODE_COLUMNS = ${CODE_COLUMNS}, CODE_ROWS = ${CODE_ROWS}, CODE_STRIP = ${CODE_STRIP}, BITS = ${BITS};`,
    String(encodeCaptureTime),
    String(decodeCaptureTime),
    String(checkByte),
  ].join('\n');
