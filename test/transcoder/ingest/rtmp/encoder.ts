// A small RTMP encoder for tests: says the whole conversation, and waits for what the server answers.
import { connect, type Socket } from 'node:net';
import { type AmfValue, readAmf0 } from '../../../../transcoder/ingest/rtmp/amf0.ts';
import { concatBytes } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import { ChunkReader } from '../../../../transcoder/ingest/rtmp/chunk-reader.ts';
import { writeMessage } from '../../../../transcoder/ingest/rtmp/chunk-writer.ts';
import { DEFAULT_RTMP_LIMITS } from '../../../../transcoder/ingest/rtmp/limits.ts';
import { command, MESSAGE, type RtmpMessage } from '../../../../transcoder/ingest/rtmp/messages.ts';

const CHUNK_SIZE = 128;
const HANDSHAKE_ANSWER_BYTES = 1 + 2 * 1536;

/** C0, C1 and C2 at once: the server need not be waited for. */
export const handshakeBytes = (): Uint8Array => concatBytes([Uint8Array.of(3), new Uint8Array(2 * 1536)]);

export const say = (...values: AmfValue[]): Uint8Array => writeMessage(command(0, ...values), 3, CHUNK_SIZE);
export const sayOnStream = (...values: AmfValue[]): Uint8Array => writeMessage(command(1, ...values), 3, CHUNK_SIZE);

export const media = (type: 'audio' | 'video', timestamp: number, payload: Uint8Array): Uint8Array =>
  writeMessage({ type: MESSAGE[type], streamId: 1, timestamp, payload }, type === 'audio' ? 4 : 6, CHUNK_SIZE);

/** Everything that librtmp says up to the publish command. */
export const publishBytes = (streamKey: string, app = 'live'): Uint8Array =>
  concatBytes([
    handshakeBytes(),
    say(
      'connect',
      1,
      new Map([
        ['app', app],
        ['tcUrl', `rtmp://localhost/${app}`],
      ]),
    ),
    say('releaseStream', 2, null, streamKey),
    say('FCPublish', 3, null, streamKey),
    say('createStream', 4, null),
    sayOnStream('publish', 5, null, streamKey, 'live'),
  ]);

export const goodbyeBytes = (streamKey: string): Uint8Array =>
  concatBytes([say('FCUnpublish', 6, null, streamKey), say('deleteStream', 7, null, 1)]);

/** The commands in a server's answer behind its handshake. */
export function readAnswer(answer: Uint8Array): { messages: RtmpMessage[]; commands: AmfValue[][] } {
  const { messages } = new ChunkReader(DEFAULT_RTMP_LIMITS).receive(answer.subarray(HANDSHAKE_ANSWER_BYTES));
  const commands = messages
    .filter(({ type }) => type === MESSAGE.commandAmf0)
    .map(({ payload }) => readAmf0(payload))
    .map((amf) => (amf.ok ? amf.values : []));
  return { messages, commands };
}

/** [code, description] of the status events in a server's answer. */
export const readStatuses = (answer: Uint8Array): [AmfValue, AmfValue][] =>
  readAnswer(answer)
    .commands.filter(([name]) => name === 'onStatus')
    .map((values) => values.find((value) => value instanceof Map))
    .map((information) => [information?.get('code'), information?.get('description')]);

export interface TestEncoder {
  socket: Socket;
  send(data: Uint8Array): void;
  /** Everything the server has said so far. */
  answer(): Uint8Array;
  /** Resolves when the server has said it. */
  status(code: string): Promise<string>;
  closed: Promise<void>;
}

export async function connectEncoder(port: number, socket: Socket = connect(port, '127.0.0.1')): Promise<TestEncoder> {
  const received: Uint8Array[] = [];
  const answer = () => concatBytes(received);
  socket.on('data', (data: Buffer) => received.push(data));
  socket.on('error', () => {}); // a reset is one way of being refused; `closed` tells
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    socket,
    send: (data) => void socket.write(data),
    answer,
    closed,
    status: async (code) => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const found = readStatuses(answer()).find(([candidate]) => candidate === code);
        if (found) return String(found[1]);
        if (Date.now() > deadline) throw new Error(`no ${code} within 20 s, only ${readStatuses(answer()).join()}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}
