// RTP and RTCP as bytes, the reorder buffer, the clock: each alone.
import { describe, expect, it } from 'vitest';
import { MediaClock } from '../../../../transcoder/ingest/whip/rtp/media-clock.ts';
import { MediaReceiver } from '../../../../transcoder/ingest/whip/rtp/media-receiver.ts';
import { parseRtp, type RtpPacket, unwrapRetransmission } from '../../../../transcoder/ingest/whip/rtp/packet.ts';
import { Reception } from '../../../../transcoder/ingest/whip/rtp/reception.ts';
import { ReorderBuffer, type ReorderOutput } from '../../../../transcoder/ingest/whip/rtp/reorder-buffer.ts';
import {
  buildNack,
  buildPli,
  buildProbe,
  buildReceiverReport,
  buildRemb,
  ntpMiddleOf,
  parseRtcp,
} from '../../../../transcoder/ingest/whip/rtp/rtcp.ts';
import { Unwrapper } from '../../../../transcoder/ingest/whip/rtp/unwrap.ts';
import { randomFrom } from '../../../support/random.ts';
import { h264Payloads, nackedIn, stapA, writeRtp, writeSenderReport } from '../../../support/rtp-packetizer.ts';
import { AUDIO_PLAN, LARGER_SPS, PPS, SPS, VIDEO_PLAN } from './simulated-sender.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const NOW_MS = 1_800_000_000_000;

describe('an RTP packet', () => {
  it('is read with its extensions and without its padding', () => {
    const bytes = Buffer.from(
      'b1e00005 00000064 00001001 000000aa bede0002 10ff2141 42300000 0102030405 000003'.replaceAll(' ', ''),
      'hex',
    );
    const packet = parseRtp(bytes)!;
    expect(packet).toMatchObject({ ssrc: 0x1001, payloadType: 96, sequence: 5, timestamp: 100, marker: true });
    expect(hexOf(packet.payload)).toBe('0102030405');
    expect([...packet.extensions!].map(([id, value]) => [id, hexOf(value)])).toEqual([
      [1, 'ff'],
      [2, '4142'],
      [3, '00'],
    ]);
  });

  it.each(['', '80', '4060000500000064000010', '9060000500000064000010 01bede0009 00', 'a0600005000000640000100100'])(
    'is nothing when it is cut: %s',
    (text) => {
      expect(parseRtp(Buffer.from(text.replaceAll(' ', ''), 'hex'))).toBeNull();
    },
  );

  it('is unwrapped from its retransmission; an empty probe is nothing', () => {
    const rtx = parseRtp(
      writeRtp({
        ssrc: 2,
        payloadType: 97,
        sequence: 9,
        timestamp: 7,
        marker: true,
        payload: Buffer.from([0xff, 0xfe, 1, 2]),
      }),
    )!;
    expect(unwrapRetransmission(rtx, { ssrc: 1, payloadType: 96 })).toMatchObject({
      ssrc: 1,
      payloadType: 96,
      sequence: 65_534,
      marker: true,
    });
    expect(unwrapRetransmission({ ...rtx, payload: new Uint8Array(2) }, { ssrc: 1, payloadType: 96 })).toBeNull();
  });
});

describe('our RTCP', () => {
  it('is what the standards say, byte by byte', () => {
    expect(hexOf(buildPli(1, 0x1001))).toBe('81ce00020000000100001001');
    expect(hexOf(buildNack(1, 0x1001, [100, 101, 116, 117]))).toBe('81cd000400000001000010010064800100750000');
    expect(hexOf(buildRemb(1, 0x1001, 2_500_000))).toBe('8fce0005000000010000000052454d420112625a' + '00001001');
    expect(hexOf(buildProbe(1, 0))).toBe('80cf00040000000104000002' + '83aa7e8000000000');
    const report = buildReceiverReport(1, [
      {
        ssrc: 2,
        fractionLost: 12,
        cumulativeLost: -1,
        highestSequence: 65_536 * 3 + 5,
        jitter: 7.6,
        lastSenderReport: 0xabcdef01,
        delaySinceSenderReport: 65_536,
      },
    ]);
    expect(hexOf(report)).toBe(
      '81c90007000000010000000' +
        '20cffffff00030005' +
        '00000008abcdef0100010000' +
        '81ca0004000000010109666f6f746c6967687400',
    );
  });

  it('asks across the wrap of the sequence numbers', () => {
    const asked = [65_535, 0, 1];
    expect(new Set(nackedIn(buildNack(1, 2, asked)))).toEqual(new Set(asked));
  });

  it("reads the sender's reports, goodbyes and answers to our probe", () => {
    expect(parseRtcp(writeSenderReport(7, NOW_MS + 250, 1234))).toMatchObject([
      { type: 'senderReport', ssrc: 7, rtpTimestamp: 1234, ntpMiddle: ntpMiddleOf(NOW_MS + 250) },
    ]);
    expect((parseRtcp(writeSenderReport(7, NOW_MS + 250, 1234))[0] as { ntpMs: number }).ntpMs).toBeCloseTo(
      NOW_MS + 250,
      2,
    );
    expect(parseRtcp(Buffer.from('81cb000100000007', 'hex'))).toEqual([{ type: 'bye', ssrcs: [7] }]);
    expect(parseRtcp(Buffer.from('80cf0005000000070500000300000001aabbccdd00010000', 'hex'))).toEqual([
      { type: 'probeAnswer', probeMiddle: 0xaabbccdd, delay: 65_536 },
    ]);
  });
});

describe('what a report says', () => {
  it('is the loss since the last one, and all of it', () => {
    const reception = new Reception(7, 90_000);
    for (let sequence = 65_536; sequence < 65_636; sequence += 1) {
      if (sequence % 10 !== 3) reception.count(sequence, sequence * 3000, NOW_MS + ((sequence - 65_536) * 1000) / 30);
    }
    expect(reception.block(NOW_MS + 4000)).toMatchObject({
      ssrc: 7,
      fractionLost: 25,
      cumulativeLost: 10,
      highestSequence: 65_635,
      lastSenderReport: 0,
    });
    reception.hear({ ntpMiddle: 99 }, NOW_MS + 4500);
    expect(reception.block(NOW_MS + 5000)).toMatchObject({
      fractionLost: 0,
      cumulativeLost: 10,
      lastSenderReport: 99,
      delaySinceSenderReport: 32_768,
    });
  });
});

describe('the reorder buffer', () => {
  const packet = (sequence: number): RtpPacket => ({
    ssrc: 1,
    payloadType: 96,
    sequence: sequence & 0xffff,
    timestamp: sequence,
    marker: false,
    payload: new Uint8Array(1),
    extensions: null,
  });
  const order = (outputs: readonly ReorderOutput[]): (number | string)[] =>
    outputs.map((output) =>
      output.type === 'packet'
        ? output.packet.sequence
        : output.type === 'nack'
          ? `nack ${output.sequences.join()}`
          : 'gap',
    );
  const video = () => new ReorderBuffer({ nack: true, answersAreMarked: false, giveUpMs: 250, opens: () => false });
  const begun = () => {
    const buffer = new ReorderBuffer({
      nack: true,
      answersAreMarked: false,
      giveUpMs: 250,
      opens: ({ timestamp }) => timestamp === 65_533,
    });
    buffer.receive(packet(65_533), 0);
    return buffer;
  };

  it('asks after 8 ms, again when the answer is overdue, and gives up', () => {
    const buffer = begun();
    expect(order(buffer.receive(packet(65_536), 100).outputs)).toEqual([]);
    expect(order(buffer.tick(107))).toEqual([]);
    expect(order(buffer.tick(108))).toEqual(['nack 65534,65535']);
    expect(order(buffer.tick(160))).toEqual([]);
    expect(order(buffer.tick(168))).toEqual(['nack 65534,65535']);
    expect(order(buffer.tick(100 + buffer.giveUpMs))).toEqual(['gap', 0]);
    expect(buffer.size).toBe(0);
  });

  it('delivers in order once the hole is filled, and nothing twice', () => {
    const buffer = begun();
    buffer.receive(packet(65_535), 100);
    buffer.receive(packet(65_536), 101);
    expect(order(buffer.receive(packet(65_534), 150).outputs)).toEqual([65_534, 65_535, 0]);
    expect(buffer.receive(packet(65_534), 151)).toMatchObject({ first: false, outputs: [] });
  });

  it('asks for what came before a packet from the middle of a stream', () => {
    const buffer = video();
    buffer.receive(packet(1000), 0);
    const asked = buffer.tick(10)[0];
    expect(asked).toMatchObject({ type: 'nack' });
    expect((asked as { sequences: number[] }).sequences).toContain(999);
  });

  it('begins anew when the sender does', () => {
    const buffer = begun();
    const outputs: ReorderOutput[] = [];
    for (let index = 0; index < 100; index += 1) outputs.push(...buffer.receive(packet(40_000 + index), index).outputs);
    for (let now = 100; now < 600; now += 10) outputs.push(...buffer.tick(now));
    expect(order(outputs)).toContain(40_099);
  });

  it('stays small whatever happens to the numbers', () => {
    const random = randomFrom(3);
    const buffer = video();
    let sequence = 0;
    let largest = 0;
    for (let run = 0; run < 20_000; run += 1) {
      sequence =
        random() < 0.02
          ? Math.floor(random() * 65_536)
          : (sequence + (random() < 0.3 ? Math.floor(random() * 50) : 1)) & 0xffff;
      buffer.receive(packet(sequence), run);
      largest = Math.max(largest, buffer.size);
    }
    expect(largest).toBeLessThanOrEqual(1600);
  });
});

describe('numbers that wrap', () => {
  it('only grow', () => {
    const sequences = new Unwrapper(16);
    expect([65_534, 65_535, 0, 65_535, 1].map((value) => sequences.next(value))).toEqual([
      131_070, 131_071, 131_072, 131_071, 131_073,
    ]);
  });
});

describe('the clock', () => {
  it('stands at the arrival until both tracks report, then moves the second one into place, never back', () => {
    const clock = new MediaClock();
    expect(clock.timeOf(1, 90_000, 0, 1000)).toBe(1000);
    expect(clock.timeOf(2, 48_000, 0, 1080)).toBe(1080);
    clock.report(1, 0, 500_000);
    expect(clock.timeOf(2, 48_000, 960, 1100)).toBe(1100);
    clock.report(2, 0, 500_000);
    let last = 0;
    for (let ms = 40; ms < 3000; ms += 20) {
      const time = clock.timeOf(2, 48_000, ms * 48, 0);
      expect(time).toBeGreaterThan(last);
      last = time;
    }
    expect(last).toBeCloseTo(1000 + 2980, 3);
    expect(clock.timeOf(1, 90_000, 90_000, 0)).toBe(2000);
  });

  it('keeps to the arrival when one track never reports, and does not believe nonsense', () => {
    const clock = new MediaClock();
    clock.timeOf(1, 90_000, 0, 1000);
    clock.timeOf(2, 48_000, 0, 1080);
    clock.report(1, 0, 500_000);
    expect(clock.timeOf(2, 48_000, 96_000, 0)).toBe(3080);
    clock.report(2, 96_000, 12);
    expect(clock.timeOf(2, 48_000, 192_000, 0)).toBe(5080);
  });
});

describe('the receive machine', () => {
  const machine = () =>
    new MediaReceiver({ video: VIDEO_PLAN, audio: AUDIO_PLAN, ownSsrc: 1, maxVideoBitsPerSecond: 8e6 });
  const slice = (isKey: boolean) => ({ isKey, data: Uint8Array.of(0, 0, 0, 3, isKey ? 0x65 : 0x41, 0x88, 0) });
  const send = (receiver: MediaReceiver, sequence: number, payload: Uint8Array, ssrc = 0x1001) =>
    receiver.receive(
      writeRtp({ ssrc, payloadType: 96, sequence, timestamp: sequence * 3000, marker: true, payload }),
      NOW_MS + sequence * 33,
    );

  it('asks at once for a key frame when it hears the middle of a stream, then every 500 ms', () => {
    const receiver = machine();
    const plis: number[] = [];
    for (let sequence = 0; sequence < 60; sequence += 1) {
      const outputs = send(receiver, sequence, h264Payloads(slice(false), null)[0]!);
      if (outputs.some((output) => output.type === 'send' && hexOf(output.packet).startsWith('81ce')))
        plis.push(sequence * 33);
      expect(outputs.some(({ type }) => type === 'frame')).toBe(false);
    }
    expect(plis[0]).toBe(0);
    expect(plis.length).toBe(4);
  });

  it('tells the track again when the size changes, and not otherwise', () => {
    const receiver = machine();
    const tracks = [SPS, SPS, LARGER_SPS].flatMap((sps, index) =>
      send(receiver, index, stapA([sps, PPS, Buffer.from([0x65, 0x88, 0])])).flatMap((output) =>
        output.type === 'track' ? [output.track] : [],
      ),
    );
    expect(tracks).toHaveLength(2);
    expect(tracks[0]).toMatchObject({ width: 320, height: 180 });
    expect(tracks[1]).toMatchObject({ width: 640, height: 360 });
  });

  it('lets a new SSRC take over only when the old one is silent', () => {
    const receiver = machine();
    send(receiver, 0, stapA([SPS, PPS, Buffer.from([0x65, 0x88, 0])]));
    expect(send(receiver, 1, stapA([SPS, PPS, Buffer.from([0x65, 0x88, 0])]), 0x2002)).toEqual([]);
    const later = send(receiver, 100, stapA([SPS, PPS, Buffer.from([0x65, 0x88, 0])]), 0x2002);
    expect(later.some(({ type }) => type === 'frame')).toBe(true);
  });

  it('takes 20,000 mutated packets without a mistake and without growing', () => {
    const random = randomFrom(11);
    const receiver = machine();
    const seeds = [
      writeRtp({ ssrc: 0x1001, payloadType: 96, sequence: 1, timestamp: 0, marker: true, payload: stapA([SPS, PPS]) }),
      writeRtp({
        ssrc: 0x1002,
        payloadType: 97,
        sequence: 1,
        timestamp: 0,
        marker: true,
        payload: Buffer.from([0, 2, 0x41, 0x88]),
      }),
      writeRtp({
        ssrc: 0x1000,
        payloadType: 111,
        sequence: 1,
        timestamp: 0,
        marker: false,
        payload: Buffer.from([0xf8, 0xff, 0xfe]),
      }),
      Buffer.concat([writeSenderReport(0x1001, NOW_MS, 0), writeSenderReport(0x1000, NOW_MS, 0)]),
      Buffer.from(buildReceiverReport(9, [])),
      Buffer.from('80cf0005000000070500000300000001aabbccdd00010000', 'hex'),
    ];
    for (let run = 0; run < 20_000; run += 1) {
      const bytes = Buffer.from(seeds[run % seeds.length]!);
      for (let count = Math.floor(random() * 4); count > 0; count -= 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const cut = random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      receiver.receive(cut, NOW_MS + run);
      if (run % 10 === 0) receiver.tick(NOW_MS + run);
      expect(receiver.size).toBeLessThanOrEqual(3300);
    }
  });
});
