// Reads what senders report by RTCP, and builds our answers: receiver reports, NACK, PLI, REMB and round-trip probes.

export type SenderWord =
  | {
      type: 'senderReport';
      ssrc: number /** Unix ms with fractions. */;
      ntpMs: number;
      ntpMiddle: number;
      rtpTimestamp: number;
    }
  | { type: 'bye'; ssrcs: number[] }
  /** RFC 3611 4.5: the answer to our probe; both in 1/65536 s. */
  | { type: 'probeAnswer'; probeMiddle: number; delay: number };

export interface ReportBlock {
  ssrc: number;
  fractionLost: number;
  cumulativeLost: number;
  highestSequence: number;
  jitter: number;
  lastSenderReport: number;
  delaySinceSenderReport: number;
}

/** What a compound packet says that we use; unsound rest is skipped, never an exception. */
export function parseRtcp(bytes: Uint8Array): SenderWord[] {
  const words: SenderWord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  while (position + 4 <= bytes.length && bytes[position]! >> 6 === 2) {
    const end = position + (view.getUint16(position + 2) + 1) * 4;
    if (end > bytes.length) break;
    const count = bytes[position]! & 0x1f;
    const type = bytes[position + 1]!;
    if (type === SENDER_REPORT && end - position >= 28) words.push(readSenderReport(view, position));
    if (type === BYE) words.push(readBye(view, position, end, count));
    if (type === EXTENDED_REPORT) words.push(...readProbeAnswers(view, position + 8, end));
    position = end;
  }
  return words;
}

/** RFC 3550 6.4.2, with the SDES item that every compound packet needs. */
export function buildReceiverReport(ownSsrc: number, blocks: readonly ReportBlock[]): Uint8Array {
  const report = packet(blocks.length, RECEIVER_REPORT, 4 + blocks.length * 24);
  const view = viewOf(report);
  view.setUint32(4, ownSsrc);
  blocks.forEach((block, index) => {
    const at = 8 + index * 24;
    view.setUint32(at, block.ssrc);
    // 24 bits, signed: duplicates can make it negative.
    view.setUint32(
      at + 4,
      ((block.fractionLost & 0xff) << 24) | (clamp(block.cumulativeLost, -0x800000, 0x7fffff) & 0xffffff),
    );
    view.setUint32(at + 8, block.highestSequence % 2 ** 32);
    view.setUint32(at + 12, clamp(Math.round(block.jitter), 0, 0xffffffff));
    view.setUint32(at + 16, block.lastSenderReport);
    view.setUint32(at + 20, clamp(Math.round(block.delaySinceSenderReport), 0, 0xffffffff));
  });
  const name = [1, 9, ...new TextEncoder().encode('footlight'), 0];
  const description = packet(1, SOURCE_DESCRIPTION, 4 + name.length);
  viewOf(description).setUint32(4, ownSsrc);
  description.set(name, 8);
  return joined([report, description]);
}

/** RFC 4585 6.2.1; any number of lost sequence numbers, packed 17 to an entry. */
export function buildNack(ownSsrc: number, mediaSsrc: number, sequences: readonly number[]): Uint8Array {
  const entries: { first: number; mask: number }[] = [];
  for (const sequence of [...sequences].sort((a, b) => a - b)) {
    const last = entries.at(-1);
    const ahead = last ? sequence - last.first : 0;
    if (last && ahead >= 1 && ahead <= 16) last.mask |= 1 << (ahead - 1);
    else if (!last || ahead > 16) entries.push({ first: sequence, mask: 0 });
  }
  const out = packet(1, TRANSPORT_FEEDBACK, 8 + entries.length * 4);
  const view = viewOf(out);
  view.setUint32(4, ownSsrc);
  view.setUint32(8, mediaSsrc);
  entries.forEach(({ first, mask }, index) => {
    view.setUint16(12 + index * 4, first & 0xffff);
    view.setUint16(14 + index * 4, mask);
  });
  return out;
}

/** RFC 4585 6.3.1: asks for a key frame. */
export function buildPli(ownSsrc: number, mediaSsrc: number): Uint8Array {
  const out = packet(1, PAYLOAD_FEEDBACK, 8);
  viewOf(out).setUint32(4, ownSsrc);
  viewOf(out).setUint32(8, mediaSsrc);
  return out;
}

/** draft-alvestrand-rmcat-remb-03: the most that the sender may send. */
export function buildRemb(ownSsrc: number, mediaSsrc: number, bitsPerSecond: number): Uint8Array {
  const out = packet(15, PAYLOAD_FEEDBACK, 20);
  const view = viewOf(out);
  view.setUint32(4, ownSsrc);
  view.setUint32(12, 0x52454d42); // "REMB"
  let exponent = 0;
  while (bitsPerSecond / 2 ** exponent >= 2 ** 18) exponent += 1;
  view.setUint32(16, (1 << 24) | (exponent << 18) | Math.floor(bitsPerSecond / 2 ** exponent));
  view.setUint32(20, mediaSsrc);
  return out;
}

/** RFC 3611 4.4: a receiver reference time; the sender's answer tells the round trip even when nothing is lost. */
export function buildProbe(ownSsrc: number, nowMs: number): Uint8Array {
  const out = packet(0, EXTENDED_REPORT, 16);
  const view = viewOf(out);
  view.setUint32(4, ownSsrc);
  view.setUint32(8, (4 << 24) | 2);
  const seconds = nowMs / 1000 + NTP_EPOCH_SECONDS;
  view.setUint32(12, Math.floor(seconds) % 2 ** 32);
  view.setUint32(16, Math.floor((seconds % 1) * 2 ** 32));
  return out;
}

/** The middle 32 bits of the NTP time: 1/65536 s, wraps every 18 hours. */
export const ntpMiddleOf = (unixMs: number): number =>
  Math.floor(((unixMs / 1000 + NTP_EPOCH_SECONDS) * 65536) % 2 ** 32) >>> 0;

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const BYE = 203;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const EXTENDED_REPORT = 207;
/** From 1900 to 1970. */
const NTP_EPOCH_SECONDS = 2_208_988_800;

function readSenderReport(view: DataView, at: number): SenderWord {
  const seconds = view.getUint32(at + 8);
  const fraction = view.getUint32(at + 12);
  return {
    type: 'senderReport',
    ssrc: view.getUint32(at + 4),
    ntpMs: (seconds - NTP_EPOCH_SECONDS) * 1000 + (fraction / 2 ** 32) * 1000,
    ntpMiddle: ((seconds << 16) | (fraction >>> 16)) >>> 0,
    rtpTimestamp: view.getUint32(at + 16),
  };
}

function readBye(view: DataView, at: number, end: number, count: number): SenderWord {
  const ssrcs: number[] = [];
  for (let index = 0; index < count && at + 8 + index * 4 <= end; index += 1)
    ssrcs.push(view.getUint32(at + 4 + index * 4));
  return { type: 'bye', ssrcs };
}

function readProbeAnswers(view: DataView, start: number, end: number): SenderWord[] {
  const words: SenderWord[] = [];
  let position = start;
  while (position + 4 <= end) {
    const blockEnd = position + (view.getUint16(position + 2) + 1) * 4;
    if (blockEnd > end) break;
    if (view.getUint8(position) === 5) {
      for (let at = position + 4; at + 12 <= blockEnd; at += 12) {
        words.push({ type: 'probeAnswer', probeMiddle: view.getUint32(at + 4), delay: view.getUint32(at + 8) });
      }
    }
    position = blockEnd;
  }
  return words;
}

function packet(count: number, type: number, bodyBytes: number): Uint8Array {
  const length = 4 + Math.ceil(bodyBytes / 4) * 4;
  const out = new Uint8Array(length);
  out[0] = 0x80 | count;
  out[1] = type;
  viewOf(out).setUint16(2, length / 4 - 1);
  return out;
}

export function joined(packets: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(packets.reduce((sum, bytes) => sum + bytes.length, 0));
  let position = 0;
  for (const bytes of packets) {
    out.set(bytes, position);
    position += bytes.length;
  }
  return out;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
