// RTMP messages: their types, and the protocol control messages (5.4) and user control events (7.1.7).
import { type AmfValue, writeAmf0 } from './amf0.ts';
import { concatBytes, uint32 } from './bytes.ts';

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
} as const;

export const USER_CONTROL = { streamBegin: 0, pingRequest: 6, pingResponse: 7 } as const;

export interface RtmpMessage {
  type: number;
  /** The message stream: 0 is the connection, others come from createStream. */
  streamId: number;
  /** 32 bits, in ms, wrapping. */
  timestamp: number;
  payload: Uint8Array;
}

/** Where our own messages travel (5.4: control messages on chunk stream 2). */
export const CHUNK_STREAM = { control: 2, command: 3, status: 5 } as const;

const control = (type: number, payload: Uint8Array): RtmpMessage => ({ type, streamId: 0, timestamp: 0, payload });

export const setChunkSize = (bytes: number) => control(MESSAGE.setChunkSize, uint32(bytes));
export const acknowledgement = (total: number) => control(MESSAGE.acknowledgement, uint32(total % 2 ** 32));
export const windowAcknowledgementSize = (bytes: number) => control(MESSAGE.windowAcknowledgementSize, uint32(bytes));
/** Limit type 2 (dynamic), as every server sends. */
export const setPeerBandwidth = (bytes: number) =>
  control(MESSAGE.setPeerBandwidth, concatBytes([uint32(bytes), Uint8Array.of(2)]));
export const userControl = (event: number, value: number) =>
  control(MESSAGE.userControl, concatBytes([Uint8Array.of(0, event), uint32(value)]));

export const command = (streamId: number, ...values: AmfValue[]): RtmpMessage => ({
  type: MESSAGE.commandAmf0,
  streamId,
  timestamp: 0,
  payload: writeAmf0(values),
});
