// Reads one RTP packet (RFC 3550 section 5.1). A packet that is not sound is null, never an exception.

export interface RtpPacket {
  ssrc: number;
  payloadType: number;
  /** 16 bits, as sent. */
  sequence: number;
  /** 32 bits, as sent. */
  timestamp: number;
  /** On the last packet of a video frame. */
  marker: boolean;
  /** Without padding; empty in the padding probes of browsers. A view, not a copy. */
  payload: Uint8Array;
  /** Header extensions by their id (RFC 8285, one- and two-byte form); null when there are none. */
  extensions: Map<number, Uint8Array> | null;
}

/** RFC 5761 section 4: on a shared port the second byte of RTCP is 192 to 223. */
export const isRtcp = (bytes: Uint8Array): boolean => bytes.length >= 4 && bytes[1]! >= 192 && bytes[1]! <= 223;

export function parseRtp(bytes: Uint8Array): RtpPacket | null {
  if (bytes.length < FIXED_HEADER || bytes[0]! >> 6 !== 2) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = FIXED_HEADER + (bytes[0]! & 0x0f) * 4;
  let extensions: Map<number, Uint8Array> | null = null;
  if (bytes[0]! & 0x10) {
    if (start + 4 > bytes.length) return null;
    const end = start + 4 + view.getUint16(start + 2) * 4;
    if (end > bytes.length) return null;
    extensions = readExtensions(view.getUint16(start), bytes.subarray(start + 4, end));
    start = end;
  }
  let end = bytes.length;
  if (bytes[0]! & 0x20) {
    const padding = bytes[bytes.length - 1]!;
    if (padding === 0) return null;
    end -= padding;
  }
  if (start > end) return null;
  return {
    ssrc: view.getUint32(8),
    payloadType: bytes[1]! & 0x7f,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    marker: bytes[1]! >= 0x80,
    payload: bytes.subarray(start, end),
    extensions,
  };
}

/** RFC 4588: the packet that a retransmission carries again; null for the empty probes that browsers send this way. */
export function unwrapRetransmission(
  packet: RtpPacket,
  media: { ssrc: number; payloadType: number },
): RtpPacket | null {
  const { payload } = packet;
  if (payload.length <= 2) return null;
  return { ...packet, ...media, sequence: (payload[0]! << 8) | payload[1]!, payload: payload.subarray(2) };
}

const FIXED_HEADER = 12;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

function readExtensions(profile: number, bytes: Uint8Array): Map<number, Uint8Array> | null {
  const oneByte = profile === ONE_BYTE_PROFILE;
  if (!oneByte && (profile & 0xfff0) !== TWO_BYTE_PROFILE) return null;
  const found = new Map<number, Uint8Array>();
  let position = 0;
  while (position < bytes.length) {
    const id = oneByte ? bytes[position]! >> 4 : bytes[position]!;
    if (id === 0) {
      position += 1;
      continue;
    }
    // RFC 8285 section 4.2: 15 is reserved and ends the processing.
    if (oneByte && id === 15) break;
    const length = oneByte ? (bytes[position]! & 0x0f) + 1 : (bytes[position + 1] ?? 0);
    position += oneByte ? 1 : 2;
    if (position + length > bytes.length) break;
    found.set(id, bytes.subarray(position, position + length));
    position += length;
  }
  return found;
}
