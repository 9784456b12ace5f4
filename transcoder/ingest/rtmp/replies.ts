// What the server says to an encoder: answers to its commands, and status events (RTMP 7.2).
import type { AmfObject, AmfValue } from './amf0.ts';
import {
  CHUNK_STREAM,
  command,
  type RtmpMessage,
  setChunkSize,
  setPeerBandwidth,
  USER_CONTROL,
  userControl,
  windowAcknowledgementSize,
} from './messages.ts';

export interface Reply {
  chunkStreamId: number;
  message: RtmpMessage;
}

/** Ours: larger than any answer, so each is one chunk. */
export const SENT_CHUNK_SIZE = 4096;
/** How often both sides acknowledge; what every server uses. */
export const WINDOW_BYTES = 2_500_000;
/** What we take of enhanced RTMP. */
const FOUR_CCS = ['av01', 'vp09', 'hvc1', 'avc1', 'Opus', 'mp4a', '.mp3'];

export type StatusCode =
  | 'NetStream.Publish.Start'
  | 'NetStream.Publish.BadName'
  | 'NetStream.Publish.Failed'
  | 'NetStream.Unpublish.Success'
  | 'NetStream.Play.StreamNotFound'
  | 'NetConnection.Connect.Rejected';

/** The window first, as 7.2.1.1 shows; the chunk size before the first message that could be long. */
export function connectReplies(transaction: number, request: AmfObject): Reply[] {
  const fourCcs = acceptedFourCcs(request.get('fourCcList'));
  // Enhanced RTMP: an encoder that lists its codecs looks for ours, in either object.
  const enhanced: [string, AmfValue][] = fourCcs ? [['fourCcList', fourCcs]] : [];
  const properties = new Map<string, AmfValue>([['fmsVer', 'FMS/3,0,1,123'], ['capabilities', 31], ...enhanced]);
  const information = new Map<string, AmfValue>([
    ['level', 'status'],
    ['code', 'NetConnection.Connect.Success'],
    ['description', 'Connection succeeded.'],
    ['objectEncoding', request.get('objectEncoding') === 3 ? 3 : 0],
    ...enhanced,
  ]);
  return [
    onControl(windowAcknowledgementSize(WINDOW_BYTES)),
    onControl(setPeerBandwidth(WINDOW_BYTES)),
    onControl(setChunkSize(SENT_CHUNK_SIZE)),
    result(transaction, properties, information),
  ];
}

export const result = (transaction: number, ...values: AmfValue[]): Reply =>
  onCommand(command(0, '_result', transaction, ...values));

export const streamBegin = (streamId: number): Reply => onControl(userControl(USER_CONTROL.streamBegin, streamId));

/** `streamId` 0 speaks about the connection. */
export function status(streamId: number, code: StatusCode, description: string): Reply {
  const information = statusInformation(code, description);
  return { chunkStreamId: CHUNK_STREAM.status, message: command(streamId, 'onStatus', 0, null, information) };
}

/** Flash Media Live Encoder and its like wait for these, beside the status. */
export const fmleStatus = (event: 'onFCPublish' | 'onFCUnpublish', code: StatusCode, description: string): Reply =>
  onCommand(command(0, event, 0, null, statusInformation(code, description)));

export const onControl = (message: RtmpMessage): Reply => ({ chunkStreamId: CHUNK_STREAM.control, message });
const onCommand = (message: RtmpMessage): Reply => ({ chunkStreamId: CHUNK_STREAM.command, message });

function statusInformation(code: StatusCode, description: string): AmfObject {
  const isGood = code === 'NetStream.Publish.Start' || code === 'NetStream.Unpublish.Success';
  return new Map([
    ['level', isGood ? 'status' : 'error'],
    ['code', code],
    ['description', description],
  ]);
}

/** Null when the encoder does not speak enhanced RTMP. */
function acceptedFourCcs(offered: AmfValue): string[] | null {
  if (!Array.isArray(offered)) return null;
  return offered.includes('*') ? FOUR_CCS : FOUR_CCS.filter((fourCc) => offered.includes(fourCc));
}
