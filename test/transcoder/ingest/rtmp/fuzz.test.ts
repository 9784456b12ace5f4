import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { readAmf0 } from '../../../../transcoder/ingest/rtmp/amf0.ts';
import { concatBytes } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import { ChunkReader } from '../../../../transcoder/ingest/rtmp/chunk-reader.ts';
import { Demuxer } from '../../../../transcoder/ingest/rtmp/demuxer.ts';
import { DEFAULT_RTMP_LIMITS } from '../../../../transcoder/ingest/rtmp/limits.ts';
import { MESSAGE } from '../../../../transcoder/ingest/rtmp/messages.ts';
import { RtmpSession, type SessionEffect } from '../../../../transcoder/ingest/rtmp/session.ts';
import { goodbyeBytes, handshakeBytes, media, publishBytes, say } from './encoder.ts';
import { AMF_BOTH_WAYS, AMF_READ_ONLY, AMF_REFUSED, bytes, CHUNKS_BOTH_WAYS, CHUNKS_READ_ONLY, FLV } from './golden.ts';

const INPUTS = 100_000;
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122);
const MAX_GROWTH_BYTES = 48 * 1024 * 1024;

type Random = () => number;

/** mulberry32: the same numbers for the same seed everywhere. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;
const noise = (random: Random, length: number) => Uint8Array.from({ length }, () => below(random, 256));

/** Most inputs are damaged in one to four places; some are noise; some are as they should be. */
function mutate(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const kind = random();
  if (kind < 0.05) return noise(random, below(random, 400));
  let data: Uint8Array = pick(random, seeds).slice();
  if (kind < 0.1) return data;
  for (let round = 0; round <= below(random, 4); round += 1) {
    const at = below(random, data.length + 1);
    const choice = below(random, 7);
    if (choice === 0 && at < data.length) data[at] = data[at]! ^ (1 << below(random, 8));
    if (choice === 1 && at < data.length) data[at] = pick(random, [0, 1, 0x7f, 0x80, 0xff]);
    if (choice === 2 && at + 4 <= data.length)
      data.set(pick(random, [bytes('ffffffff'), bytes('7fffffff'), bytes('00000000')]), at);
    if (choice === 3) data = data.slice(0, at);
    if (choice === 4) data = concatBytes([data.slice(0, at), noise(random, below(random, 12)), data.slice(at)]);
    if (choice === 5) data = concatBytes([data.slice(0, at), data.slice(at + below(random, 12))]);
    if (choice === 6) data = concatBytes([data.slice(0, at), pick(random, seeds)]);
  }
  return data;
}

const goodStream = concatBytes([
  media('video', 0, FLV.avcConfig),
  media('audio', 0, FLV.aacConfig),
  media('video', 33, FLV.avcKey),
  media('audio', 40, FLV.aacFrame),
  media('video', 66, FLV.avcFrame),
  media('video', 0xffffff, new Uint8Array(700).fill(0x27)),
]);
const CHUNK_SEEDS = [
  ...[...CHUNKS_BOTH_WAYS, ...CHUNKS_READ_ONLY].map(({ hex }) => bytes(hex)),
  goodStream,
  publishBytes('key').subarray(handshakeBytes().length),
];
const AMF_SEEDS = [...AMF_BOTH_WAYS, ...AMF_READ_ONLY, ...AMF_REFUSED].map(({ hex }) => bytes(hex));
const MEDIA_SEEDS = [
  ...Object.values(FLV),
  bytes(
    '90 68766331 0101600000009000000000005af000fcfdf8f800000f01210001002b42010101600000030090000003000003005aa006b201e1d796566924caf0168080000003008000000c8422',
  ),
  bytes('91 68766331 000022 00000003 260101'),
  bytes('90 61763031 81040c00 0a0b00000024c6abdf00be0010'),
  bytes('91 61763031 1200 0a0b00000024c6abdf00be0010 3202abcd'),
  bytes('90 76703039 01000000011e870202000000'),
  bytes('91 76703039 a2498342e035501df60438241c184a10'),
  bytes('90 4f707573 4f707573486561640102380180bb0000000000'),
  bytes('91 4f707573 f8fffe'),
  bytes('2f fffb9064 00'),
  bytes('97 02 0003e8 01 61766331 000000 00000003 658884'),
];
/** The part behind the handshake; cut at any place by the mutations. */
const CONVERSATION_SEEDS = [
  concatBytes([publishBytes('key').subarray(handshakeBytes().length), goodStream, goodStream]),
  concatBytes([publishBytes('key').subarray(handshakeBytes().length), goodStream, goodbyeBytes('key')]),
  concatBytes([say('connect', 1, new Map([['app', 'live']])), goodStream]),
];

function fuzzSession(random: Random): void {
  const session = new RtmpSession({ limits: DEFAULT_RTMP_LIMITS, random: (count) => new Uint8Array(count), nowMs: 0 });
  const demuxer = new Demuxer();
  const isDamagedEarly = random() < 0.05;
  const data = isDamagedEarly
    ? mutate(random, [publishBytes('key')])
    : concatBytes([handshakeBytes(), mutate(random, CONVERSATION_SEEDS)]);
  let isAllowed = false;
  let hasEnded = false;
  const check = (effects: SessionEffect[]) => {
    for (const effect of effects) {
      if (hasEnded) throw new Error('something came after the end');
      if (effect.type === 'media' && !isAllowed) throw new Error('media came before the permission');
      if (effect.type === 'media') checkFrames(demuxer.receive(effect.message, 0));
      hasEnded = effect.type === 'end';
    }
    if (session.bufferedBytes > DEFAULT_RTMP_LIMITS.maxBufferedBytes) throw new Error('too much is buffered');
  };
  for (let position = 0, nowMs = 0; position < data.length; nowMs += 100) {
    const step = position === 0 ? 3_000 : 1 + below(random, 600);
    const effects = session.receive(data.subarray(position, position + step), nowMs);
    check(effects);
    position += step;
    if (effects.some(({ type }) => type === 'authorize')) {
      isAllowed = random() < 0.8;
      check(isAllowed ? session.allow(nowMs) : session.refuse('no'));
    }
    if (random() < 0.1) check(session.tick(nowMs + below(random, 3) * 8_000));
  }
  check(session.stop('enough'));
}

function checkFrames(events: ReturnType<Demuxer['receive']>): void {
  for (const event of events) {
    if (event.type === 'frame' && !(Number.isFinite(event.frame.ptsMs) && event.frame.data.length > 0)) {
      throw new Error('a frame without a time or data');
    }
    if (event.type === 'track' && event.track.kind === 'video' && !(event.track.width > 0)) throw new Error('no size');
  }
}

function fuzzChunks(random: Random): void {
  const reader = new ChunkReader(DEFAULT_RTMP_LIMITS);
  const data = mutate(random, CHUNK_SEEDS);
  for (let position = 0; position < data.length; ) {
    const step = 1 + below(random, 200);
    const { refusal } = reader.receive(data.subarray(position, position + step));
    if (reader.bufferedBytes > DEFAULT_RTMP_LIMITS.maxBufferedBytes) throw new Error('too much is buffered');
    if (refusal) return;
    position += step;
  }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test(`takes ${INPUTS} damaged inputs without an exception, a hang or growing memory (FUZZ_SEED=${SEED})`, () => {
  const random = seeded(SEED);
  const before = heapBytes();
  const demuxer = new Demuxer();
  let slowestMs = 0;
  for (let input = 0; input < INPUTS; input += 1) {
    const startedMs = performance.now();
    try {
      const target = input % 4;
      if (target === 0) fuzzSession(random);
      if (target === 1) fuzzChunks(random);
      if (target === 2) readAmf0(mutate(random, AMF_SEEDS));
      if (target === 3) {
        const type = pick(random, [MESSAGE.video, MESSAGE.audio, MESSAGE.dataAmf0, MESSAGE.dataAmf3]);
        const timestamp = below(random, 2 ** 32);
        checkFrames(demuxer.receive({ type, streamId: 1, timestamp, payload: mutate(random, MEDIA_SEEDS) }, 0));
      }
    } catch (error) {
      throw new Error(`input ${input} of seed ${SEED}: ${String(error)}`, { cause: error });
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
  }
  expect(slowestMs).toBeLessThan(2_000);
  expect(heapBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
}, 60_000);
