// Cuts frames into RTP packets the way OBS does: H.264 with STAP-A for headers and FU-A at 1200 bytes, VP8, Opus.
import { parseAvcC, splitLengthPrefixed } from '../../transcoder/codecs/h264.ts';
import type { Frame, VideoTrack } from '../../transcoder/media.ts';

const MOST_PAYLOAD = 1188;

export interface RtpFields {
  ssrc: number;
  payloadType: number;
  sequence: number;
  timestamp: number;
  marker: boolean;
  payload: Uint8Array;
}

export function writeRtp({ ssrc, payloadType, sequence, timestamp, marker, payload }: RtpFields): Buffer {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = payloadType | (marker ? 0x80 : 0);
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(ssrc, 8);
  bytes.set(payload, 12);
  return bytes;
}

/** The payloads of one H.264 access unit; SPS and PPS of `track` are repeated before each key frame. */
export function h264Payloads(frame: Pick<Frame, 'data' | 'isKey'>, track: Pick<VideoTrack, 'config'> | null): Buffer[] {
  const units = splitLengthPrefixed(frame.data) ?? [];
  const config = frame.isKey && track?.config ? parseAvcC(track.config) : null;
  const payloads: Buffer[] = config ? [stapA([...config.sps, ...config.pps])] : [];
  for (const unit of units) payloads.push(...fragments(unit));
  return payloads;
}

export function vp8Payloads(frame: Pick<Frame, 'data'>): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frame.data.length; at += MOST_PAYLOAD) {
    payloads.push(Buffer.concat([Buffer.of(at === 0 ? 0x10 : 0), frame.data.subarray(at, at + MOST_PAYLOAD)]));
  }
  return payloads;
}

export function stapA(units: readonly Uint8Array[]): Buffer {
  const parts = units.flatMap((unit) => [Buffer.of(unit.length >> 8, unit.length & 255), unit]);
  return Buffer.concat([Buffer.of(24), ...parts]);
}

function fragments(unit: Uint8Array): Buffer[] {
  if (unit.length <= MOST_PAYLOAD) return [Buffer.from(unit)];
  const header = unit[0] ?? 0;
  const pieces: Buffer[] = [];
  for (let at = 1; at < unit.length; at += MOST_PAYLOAD) {
    const isLast = at + MOST_PAYLOAD >= unit.length;
    const flags = (at === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0);
    const head = Buffer.of((header & 0xe0) | 28, flags | (header & 0x1f));
    pieces.push(Buffer.concat([head, unit.subarray(at, at + MOST_PAYLOAD)]));
  }
  return pieces;
}

/** A sender report: this RTP time was captured at this Unix time. */
export function writeSenderReport(ssrc: number, unixMs: number, rtpTimestamp: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x80;
  bytes[1] = 200;
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(ssrc, 4);
  const seconds = unixMs / 1000 + 2_208_988_800;
  bytes.writeUInt32BE(Math.floor(seconds) >>> 0, 8);
  bytes.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, 12);
  bytes.writeUInt32BE(rtpTimestamp >>> 0, 16);
  return bytes;
}

/** The sequence numbers that a compound packet asks for again. */
export function nackedIn(bytes: Uint8Array): number[] {
  const asked: number[] = [];
  for (const { type, count, body } of rtcpIn(bytes)) {
    if (type !== 205 || count !== 1) continue;
    for (let at = 8; at + 4 <= body.length; at += 4) {
      const first = body.readUInt16BE(at);
      const mask = body.readUInt16BE(at + 2);
      asked.push(first);
      for (let bit = 0; bit < 16; bit += 1) if (mask & (1 << bit)) asked.push((first + bit + 1) & 0xffff);
    }
  }
  return asked;
}

export const hasPli = (bytes: Uint8Array): boolean =>
  rtcpIn(bytes).some(({ type, count }) => type === 206 && count === 1);

/** The packets of a compound, each with its body behind the first 4 bytes. */
export function rtcpIn(bytes: Uint8Array): { type: number; count: number; body: Buffer }[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: { type: number; count: number; body: Buffer }[] = [];
  for (let at = 0; at + 4 <= buffer.length; ) {
    const end = at + 4 + buffer.readUInt16BE(at + 2) * 4;
    found.push({ type: buffer[at + 1] ?? 0, count: (buffer[at] ?? 0) & 31, body: buffer.subarray(at + 4, end) });
    at = end;
  }
  return found;
}
