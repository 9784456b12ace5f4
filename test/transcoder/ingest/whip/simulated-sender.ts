// A sender of H.264 and Opus and a lossy path to a MediaReceiver, in simulated milliseconds and from a seed.
import { createHash } from 'node:crypto';
import { joinLengthPrefixed } from '../../../../transcoder/codecs/nal.ts';
import { MediaReceiver } from '../../../../transcoder/ingest/whip/rtp/media-receiver.ts';
import type { AudioPlan, VideoPlan } from '../../../../transcoder/ingest/whip/sdp/plan.ts';
import type { Frame } from '../../../../transcoder/media.ts';
import { randomFrom } from '../../../support/random.ts';
import { h264Payloads, hasPli, nackedIn, stapA, writeRtp, writeSenderReport } from '../../../support/rtp-packetizer.ts';

/** Made by x264: 320x180, and 640x360 with the same PPS. */
export const SPS = Buffer.from('6742c00dda05067e7c0440000003004000000f03c50aa8', 'hex');
export const LARGER_SPS = Buffer.from('6742c01eda0280bfe5c044000003000400000300f03c58ba80', 'hex');
export const PPS = Buffer.from('68ce0fc8', 'hex');

export const VIDEO_PLAN: VideoPlan = {
  kind: 'video',
  codec: 'h264',
  encoding: 'H264',
  mid: '1',
  payloadType: 96,
  rtxPayloadType: 97,
  fmtp: '',
  feedback: ['nack', 'nack pli'],
  parameterSets: [],
  rids: [],
  midExtension: null,
  ridExtension: null,
  repairedRidExtension: null,
  isReducedSize: true,
  answersProbes: true,
};
export const AUDIO_PLAN: AudioPlan = {
  kind: 'audio',
  mid: '0',
  payloadType: 111,
  fmtp: '',
  isReducedSize: true,
  answersProbes: true,
};

export interface Simulation {
  seed: number;
  seconds: number;
  loss: number;
  oneWayMs: number;
  jitterMs: number;
  /** Lost packets come again on their own SSRC; otherwise the same packet is sent again, as OBS does. */
  rtx: boolean;
  firstSequence?: number;
  keyFrameEvery?: number;
  /** Nothing passes in these ms. */
  blackout?: { fromMs: number; toMs: number };
  /** A key frame 50 ms after a PLI, as browsers do. */
  obeysPli?: boolean;
}

export interface SimulationResult {
  packets: number;
  lost: number;
  sentFrames: number;
  video: Frame[];
  audio: Frame[];
  /** Delivered frames that are not byte for byte what was sent. */
  badFrames: number;
  largestBuffer: number;
  longestDelayMs: number;
  nacked: number;
  plis: number;
  stats: ReturnType<MediaReceiver['stats']>;
}

const VIDEO_SSRC = 0x1001;
const RTX_SSRC = 0x1002;
const AUDIO_SSRC = 0x1000;
const START_MS = 1_800_000_000_000;
const ORIGIN = 2 ** 32 - 900_000;

export function simulate(simulation: Simulation): SimulationResult {
  const {
    seed,
    seconds,
    loss,
    oneWayMs,
    jitterMs,
    rtx,
    firstSequence = 0,
    keyFrameEvery = 60,
    blackout,
    obeysPli = false,
  } = simulation;
  const random = randomFrom(seed);
  const receiver = new MediaReceiver({
    video: { ...VIDEO_PLAN, rtxPayloadType: rtx ? 97 : null },
    audio: AUDIO_PLAN,
    ownSsrc: 1,
    maxVideoBitsPerSecond: 8e6,
  });
  const toReceiver = new Map<number, Buffer[]>();
  const toSender = new Map<number, Buffer[]>();
  const history = new Map<number, Buffer>();
  const sentHashes = new Map<string, number>();
  const result: SimulationResult = {
    packets: 0,
    lost: 0,
    sentFrames: 0,
    video: [],
    audio: [],
    badFrames: 0,
    largestBuffer: 0,
    longestDelayMs: 0,
    nacked: 0,
    plis: 0,
    stats: receiver.stats(),
  };
  let now = 0;
  let sequence = firstSequence;
  let rtxSequence = 0;
  let audioSequence = 65_000;
  let keyFrameDueMs: number | null = null;

  const cross = (queue: Map<number, Buffer[]>, bytes: Buffer): void => {
    const isDark = blackout !== undefined && now >= blackout.fromMs && now < blackout.toMs;
    if (isDark || random() < loss) {
      result.lost += 1;
      return;
    }
    const at = Math.ceil(now + oneWayMs + random() * jitterMs);
    queue.set(at, [...(queue.get(at) ?? []), bytes]);
  };
  const follow = (outputs: ReturnType<MediaReceiver['receive']>): void => {
    for (const output of outputs) {
      if (output.type === 'send') cross(toSender, Buffer.from(output.packet));
      if (output.type !== 'frame') continue;
      result[output.frame.kind].push(output.frame);
      if (output.frame.kind !== 'video') continue;
      const sentMs = sentHashes.get(hashOf(output.frame.data));
      if (sentMs === undefined) result.badFrames += 1;
      else result.longestDelayMs = Math.max(result.longestDelayMs, now - sentMs);
    }
  };

  const endMs = seconds * 1000;
  let frameIndex = 0;
  for (now = 0; now < endMs + 2000; now += 1) {
    if (now < endMs && now >= (frameIndex * 1000) / 30) {
      const isKey = frameIndex % keyFrameEvery === 0 || (keyFrameDueMs !== null && now >= keyFrameDueMs);
      if (isKey) keyFrameDueMs = null;
      const data = madeFrame(isKey, frameIndex, random);
      const whole = isKey ? Buffer.concat([joinLengthPrefixed([SPS, PPS]), data]) : data;
      sentHashes.set(hashOf(whole), now);
      result.sentFrames += 1;
      const payloads = [...(isKey ? [stapA([SPS, PPS])] : []), ...h264Payloads({ data, isKey }, null)];
      payloads.forEach((payload, index) => {
        const marker = index === payloads.length - 1;
        const bytes = writeRtp({
          ssrc: VIDEO_SSRC,
          payloadType: 96,
          sequence,
          timestamp: ORIGIN + frameIndex * 3000,
          marker,
          payload,
        });
        history.set(sequence & 0xffff, bytes);
        sequence += 1;
        result.packets += 1;
        cross(toReceiver, bytes);
      });
      frameIndex += 1;
    }
    if (now < endMs && now % 20 === 0) {
      const payload = Buffer.alloc(8, 0xf8);
      payload.writeUInt32BE(now, 4);
      cross(
        toReceiver,
        writeRtp({
          ssrc: AUDIO_SSRC,
          payloadType: 111,
          sequence: audioSequence++,
          timestamp: ORIGIN + now * 48,
          marker: false,
          payload,
        }),
      );
    }
    if (now % 500 === 0) {
      cross(toReceiver, writeSenderReport(VIDEO_SSRC, START_MS + now, ORIGIN + now * 90));
      cross(toReceiver, writeSenderReport(AUDIO_SSRC, START_MS + now, ORIGIN + now * 48));
    }
    for (const bytes of toSender.get(now) ?? []) {
      if (hasPli(bytes)) {
        result.plis += 1;
        if (obeysPli) keyFrameDueMs ??= now + 50;
      }
      for (const asked of nackedIn(bytes)) {
        result.nacked += 1;
        const again = history.get(asked);
        if (again) cross(toReceiver, rtx ? wrapped(again, rtxSequence++) : again);
      }
    }
    toSender.delete(now);
    for (const bytes of toReceiver.get(now) ?? []) follow(receiver.receive(bytes, START_MS + now));
    toReceiver.delete(now);
    if (now % 10 === 0) follow(receiver.tick(START_MS + now));
    result.largestBuffer = Math.max(result.largestBuffer, receiver.size);
  }
  result.stats = receiver.stats();
  return result;
}

/** One slice of 2 to 14 packets; its first byte says that it begins a picture. */
function madeFrame(isKey: boolean, index: number, random: () => number): Buffer {
  const length = Math.floor((isKey ? 9000 : 3000) + random() * 7000);
  const slice = Buffer.alloc(length, index & 0x7f);
  slice[0] = isKey ? 0x65 : 0x41;
  slice[1] = 0x88;
  slice.writeUInt32BE(index, 2);
  return Buffer.from(joinLengthPrefixed([slice]));
}

function wrapped(original: Buffer, sequence: number): Buffer {
  const payload = Buffer.concat([original.subarray(2, 4), original.subarray(12)]);
  const marker = (original[1]! & 0x80) !== 0;
  return writeRtp({ ssrc: RTX_SSRC, payloadType: 97, sequence, timestamp: original.readUInt32BE(4), marker, payload });
}

const hashOf = (data: Uint8Array): string => createHash('sha1').update(data).digest('base64');
