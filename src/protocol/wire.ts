// A frame on the publish socket: 4 bytes header length (big endian), the header as JSON, then the payload.
import { FootlightError } from './errors.ts';
import { PublishFrame } from './ingest.ts';

/** Room for the largest sane chunk: one second of 40 Mbit/s. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const EMPTY = new Uint8Array(0);

/** One WebSocket message from a header and its payload. */
export function encodeFrame(header: PublishFrame, payload: Uint8Array = EMPTY): Uint8Array<ArrayBuffer> {
  const json = encoder.encode(JSON.stringify(header));
  const frame = new Uint8Array(4 + json.length + payload.length);
  new DataView(frame.buffer).setUint32(0, json.length);
  frame.set(json, 4);
  frame.set(payload, 4 + json.length);
  return frame;
}

/** Opposite of `encodeFrame`; the payload is a view on `bytes`. Throws `invalid_request` for anything else. */
export function decodeFrame(bytes: Uint8Array): { header: PublishFrame; payload: Uint8Array } {
  if (bytes.length > MAX_FRAME_BYTES) throw malformed(`is ${bytes.length} bytes long, over ${MAX_FRAME_BYTES}`);
  if (bytes.length < 4) throw malformed('is shorter than its length field');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  if (headerLength > MAX_HEADER_BYTES || 4 + headerLength > bytes.length)
    throw malformed('has a header longer than itself');
  const parsed = PublishFrame.safeParse(readJson(bytes.subarray(4, 4 + headerLength)));
  if (!parsed.success) throw malformed(`has a header that does not fit: ${parsed.error.issues[0]?.message ?? ''}`);
  return { header: parsed.data, payload: bytes.subarray(4 + headerLength) };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw malformed('has a header that is not JSON');
  }
}

const malformed = (what: string) => new FootlightError('invalid_request', `The publish frame ${what}.`);
