import { describe, expect, test } from 'vitest';
import { writeAmf0 } from '../../../../transcoder/ingest/rtmp/amf0.ts';
import { concatBytes, readUint32, uint32 } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import { writeMessage } from '../../../../transcoder/ingest/rtmp/chunk-writer.ts';
import { DEFAULT_RTMP_LIMITS } from '../../../../transcoder/ingest/rtmp/limits.ts';
import { MESSAGE, userControl } from '../../../../transcoder/ingest/rtmp/messages.ts';
import { RtmpSession, type SessionEffect } from '../../../../transcoder/ingest/rtmp/session.ts';
import { findStreamKey } from '../../../../transcoder/ingest/rtmp/stream-key.ts';
import {
  goodbyeBytes,
  handshakeBytes,
  media,
  publishBytes,
  readAnswer,
  readStatuses,
  say,
  sayOnStream,
} from './encoder.ts';
import { FLV } from './golden.ts';

const limits = { ...DEFAULT_RTMP_LIMITS, maxPendingBytes: 10_000 };
const startMs = 1_000_000;

/** A session with everything it said and did. */
function begin() {
  const session = new RtmpSession({ limits, random: (count) => new Uint8Array(count), nowMs: startMs });
  const said: Uint8Array[] = [];
  const done: Exclude<SessionEffect, { type: 'send' }>[] = [];
  const note = (effects: SessionEffect[]) => {
    for (const effect of effects) {
      if (effect.type === 'send') said.push(effect.bytes);
      else done.push(effect);
    }
  };
  return {
    session,
    note,
    hear: (data: Uint8Array, nowMs = startMs) => note(session.receive(data, nowMs)),
    answer: () => concatBytes(said),
    done,
    names: () => done.map(({ type }) => type),
    end: () => done.find((effect) => effect.type === 'end'),
  };
}

describe('an encoder', () => {
  test('is asked about before it is told that it may publish', () => {
    const { session, hear, note, done, answer } = begin();
    hear(publishBytes('secret?backup=1'));
    expect(done).toEqual([{ type: 'authorize', app: 'live', streamKey: 'secret' }]);
    expect(readStatuses(answer())).toEqual([]);

    note(session.allow(startMs));
    expect(readStatuses(answer())).toEqual([['NetStream.Publish.Start', 'You are publishing.']]);
    expect(readAnswer(answer()).commands.map(([name]) => name)).toEqual([
      '_result', // connect
      '_result', // releaseStream
      '_result', // FCPublish
      '_result', // createStream
      'onFCPublish',
      'onStatus',
    ]);
  });

  test('loses nothing of what it sends while its key is checked', () => {
    const { session, hear, note, done } = begin();
    hear(concatBytes([publishBytes('secret'), media('video', 0, FLV.avcConfig)]));
    hear(media('video', 40, FLV.avcKey));
    expect(done).toHaveLength(1);
    note(session.allow(startMs));
    expect(done.slice(1)).toMatchObject([
      { type: 'media', message: { timestamp: 0, payload: FLV.avcConfig } },
      { type: 'media', message: { timestamp: 40, payload: FLV.avcKey } },
    ]);
  });

  test('is told why its key was refused, and none of its media passes', () => {
    const { session, hear, note, names, answer } = begin();
    hear(concatBytes([publishBytes('wrong'), media('video', 0, FLV.avcConfig)]));
    note(session.refuse('This stream key is not valid.'));
    expect(readStatuses(answer())).toEqual([['NetStream.Publish.BadName', 'This stream key is not valid.']]);
    hear(media('video', 40, FLV.avcKey));
    note(session.allow(startMs));
    expect(names()).toEqual(['authorize', 'end']);
  });

  test('that floods while its key is checked is let go', () => {
    const { hear, end } = begin();
    hear(publishBytes('secret'));
    for (let index = 0; index < 4; index += 1) hear(media('video', 0, new Uint8Array(3_000)));
    expect(end()).toMatchObject({ clean: false, reason: expect.stringMatching(/too much before/) });
  });

  test('without a stream key is told where to find one', () => {
    const { hear, answer, names } = begin();
    hear(publishBytes(''));
    expect(readStatuses(answer())).toEqual([
      ['NetStream.Publish.BadName', expect.stringMatching(/no usable stream key/)],
    ]);
    expect(names()).toEqual(['end']);
  });

  test('that says goodbye ends clean', () => {
    const { session, hear, note, end, answer } = begin();
    hear(publishBytes('secret'));
    note(session.allow(startMs));
    hear(goodbyeBytes('secret'));
    expect(end()).toEqual({ type: 'end', clean: true, reason: 'the encoder stopped' });
    expect(readStatuses(answer()).at(-1)?.[0]).toBe('NetStream.Unpublish.Success');
  });

  test('that we stop is told so', () => {
    const { session, hear, note, end, answer } = begin();
    hear(publishBytes('secret'));
    note(session.allow(startMs));
    note(session.stop('The stream was ended.'));
    expect(readStatuses(answer()).at(-1)).toEqual(['NetStream.Unpublish.Success', 'The stream was ended.']);
    expect(end()).toEqual({ type: 'end', clean: false, reason: 'The stream was ended.' });
  });

  test('that we stop before it was told to start hears why it may not publish', () => {
    const { session, hear, note, answer } = begin();
    hear(publishBytes('secret'));
    note(session.stop('There is no room.'));
    expect(readStatuses(answer())).toEqual([['NetStream.Publish.BadName', 'There is no room.']]);
  });

  test('that speaks enhanced RTMP hears which of its codecs are taken', () => {
    const { hear, answer } = begin();
    const request = new Map<string, string | string[]>([
      ['app', 'live'],
      ['fourCcList', ['av01', 'hvc1', 'vvc1']],
    ]);
    hear(concatBytes([handshakeBytes(), say('connect', 1, request)]));
    const [, , properties, information] = readAnswer(answer()).commands[0]!;
    expect(properties instanceof Map && properties.get('fourCcList')).toEqual(['av01', 'hvc1']);
    expect(information instanceof Map && information.get('fourCcList')).toEqual(['av01', 'hvc1']);
    expect(information instanceof Map && information.get('code')).toBe('NetConnection.Connect.Success');
  });

  test('may send its commands in the AMF3 envelope', () => {
    const { hear, done } = begin();
    const wrap = (...values: Parameters<typeof writeAmf0>[0]) =>
      writeMessage(
        {
          type: MESSAGE.commandAmf3,
          streamId: 1,
          timestamp: 0,
          payload: concatBytes([Uint8Array.of(0), writeAmf0(values)]),
        },
        3,
        128,
      );
    hear(
      concatBytes([handshakeBytes(), wrap('connect', 1, new Map([['app', 'live']])), wrap('publish', 2, null, 'key')]),
    );
    expect(done).toEqual([{ type: 'authorize', app: 'live', streamKey: 'key' }]);
  });

  test('that is slow to read gets acknowledgements of what it sent, one per window', () => {
    const { session, hear, note, answer } = begin();
    hear(publishBytes('secret'));
    note(session.allow(startMs));
    hear(
      writeMessage(
        { type: MESSAGE.windowAcknowledgementSize, streamId: 0, timestamp: 0, payload: uint32(100_000) },
        2,
        128,
      ),
    );
    for (let index = 0; index < 5; index += 1) hear(media('video', index, new Uint8Array(60_000)));
    const acknowledged = readAnswer(answer()).messages.filter(({ type }) => type === MESSAGE.acknowledgement);
    expect(acknowledged).toHaveLength(2);
    expect(readUint32(acknowledged[1]!.payload, 0)).toBeGreaterThan(200_000);
  });

  test('that answers pings tells the round trip', () => {
    const { session, hear, note, done, answer } = begin();
    hear(publishBytes('secret'));
    note(session.allow(startMs));
    note(session.tick(startMs + 5_000));
    const ping = readAnswer(answer())
      .messages.filter(({ type }) => type === MESSAGE.userControl)
      .at(-1)!;
    const pong = userControl(7, readUint32(ping.payload, 2));
    hear(writeMessage(pong, 2, 128), startMs + 5_042);
    expect(done.at(-1)).toEqual({ type: 'roundTrip', ms: 42 });
  });
});

describe('a connection is dropped', () => {
  const refusals: [string, Uint8Array, RegExp][] = [
    ['that speaks HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /does not open an RTMP/],
    [
      'that begins with a command other than connect',
      concatBytes([handshakeBytes(), say('publish', 1, null, 'key')]),
      /not connect/,
    ],
    [
      'that connects without an application',
      concatBytes([handshakeBytes(), say('connect', 1, null)]),
      /no application/,
    ],
    [
      'whose command is damaged',
      concatBytes([
        handshakeBytes(),
        writeMessage({ type: 20, streamId: 0, timestamp: 0, payload: Uint8Array.of(2, 0, 9, 65) }, 3, 128),
      ]),
      /cannot be read/,
    ],
    [
      'that sends media before it publishes',
      concatBytes([handshakeBytes(), media('video', 0, FLV.avcConfig)]),
      /before the publish/,
    ],
    [
      'that wants to play',
      concatBytes([handshakeBytes(), say('connect', 1, new Map([['app', 'live']])), sayOnStream('play', 2, null, 'x')]),
      /player/,
    ],
    ['that publishes twice', concatBytes([publishBytes('a'), sayOnStream('publish', 9, null, 'b')]), /published twice/],
  ];
  test.each(refusals)('%s', (_, data, reason) => {
    const { session, hear, note, end } = begin();
    hear(data);
    note(session.allow(startMs));
    expect(end()).toMatchObject({ clean: false, reason: expect.stringMatching(reason) });
  });

  test('that does not finish the handshake in time', () => {
    const { session, hear, note, end } = begin();
    hear(handshakeBytes().subarray(0, 2_000));
    note(session.tick(startMs + limits.handshakeMs - 1));
    expect(end()).toBeUndefined();
    note(session.tick(startMs + limits.handshakeMs));
    expect(end()).toMatchObject({ reason: 'the handshake took too long' });
  });

  test('that does not publish in time, however much it talks', () => {
    const { session, hear, note, end } = begin();
    hear(concatBytes([handshakeBytes(), say('connect', 1, new Map([['app', 'live']]))]));
    for (let second = 1; second < 10; second += 1) {
      hear(say('createStream', second, null), startMs + second * 1_000);
      note(session.tick(startMs + second * 1_000));
    }
    expect(end()).toBeUndefined();
    note(session.tick(startMs + limits.publishMs));
    expect(end()).toMatchObject({ reason: 'the encoder did not publish in time' });
  });

  test('when nobody answers for its key, with a word to the encoder', () => {
    const { session, hear, note, answer } = begin();
    hear(publishBytes('secret'));
    note(session.tick(startMs + limits.authorizeMs));
    expect(readStatuses(answer())).toEqual([
      ['NetStream.Publish.BadName', expect.stringMatching(/could not be checked in time/)],
    ]);
  });

  test('when no media comes for 15 s, though other messages do', () => {
    const { session, hear, note, end } = begin();
    hear(publishBytes('secret'));
    note(session.allow(startMs));
    hear(media('audio', 0, FLV.aacConfig), startMs + 5_000);
    hear(say('_checkbw', 8, null), startMs + 19_000);
    note(session.tick(startMs + 19_999));
    expect(end()).toBeUndefined();
    note(session.tick(startMs + 20_000));
    expect(end()).toMatchObject({ clean: false, reason: 'the encoder sent no media for too long' });
  });
});

test.each([
  ['live', 'key', 'key'],
  ['live', 'key?user=x&pass=y', 'key'],
  ['live', '', null],
  ['live/key', '', 'key'],
  ['live/key?x=1', '', 'key'],
  ['', 'live/key', 'key'],
  ['live/instance', 'key/', 'key'],
  ['live', 'k'.repeat(200), 'k'.repeat(200)],
  ['live', 'k'.repeat(201), null],
])('app %j and name %j give the stream key %j', (app, name, key) => {
  expect(findStreamKey(app, name)).toBe(key);
});
