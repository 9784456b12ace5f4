// The receiver's doors and limits, with a transport that a test holds in its hands.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FootlightError } from '../../../../src/protocol/errors.ts';
import type { SessionId } from '../../../../src/protocol/ids.ts';
import { WhipReceiver, type WhipReceiverOptions } from '../../../../transcoder/ingest/whip/receiver.ts';
import type { OpenTransport, TransportEvents } from '../../../../transcoder/ingest/whip/transport.ts';
import type { SourceEvent } from '../../../../transcoder/media.ts';
import { stapA, writeRtp } from '../../../support/rtp-packetizer.ts';
import { OFFERS } from './offers.ts';
import { PPS, SPS } from './simulated-sender.ts';

const id = (name: string) => `se_${name}` as SessionId;
const code = (value: string) => expect.objectContaining({ code: value });

interface Wire {
  events: TransportEvents;
  isClosed: boolean;
  candidates: string[];
  sent: Uint8Array[];
}

function receiverWith(options: WhipReceiverOptions = {}) {
  const wires: Wire[] = [];
  const openTransport: OpenTransport = async (_remote, _options, events) => {
    const wire: Wire = { events, isClosed: false, candidates: [], sent: [] };
    wires.push(wire);
    return {
      local: {
        iceUfrag: 'abcd',
        icePwd: 'x'.repeat(24),
        fingerprint: { algorithm: 'sha-256', value: 'AA' },
        candidates: ['1 1 UDP 1 192.0.2.1 5 typ host'],
      },
      addRemoteCandidate: (value) => wire.candidates.push(value),
      send: (packet) => wire.sent.push(packet) > 0,
      close: () => {
        wire.isClosed = true;
      },
    };
  };
  const receiver = new WhipReceiver({ openTransport, ...options });
  const accept = (name: string, offer = OFFERS.obs) =>
    receiver.accept({ sessionId: id(name), offer, remoteAddress: '192.0.2.9' });
  return { receiver, wires, accept };
}

const video = (sequence: number, isKey: boolean) => {
  const payload = isKey ? stapA([SPS, PPS, Buffer.from([0x65, 0x88, 0])]) : Buffer.from([0x41, 0x88, 0]);
  return writeRtp({ ssrc: 5, payloadType: 96, sequence, timestamp: sequence * 3000, marker: true, payload });
};

describe('a receiver', () => {
  afterEach(() => vi.useRealTimers());

  it('answers with a quoted tag of its own for each session, and a source that says who it is', async () => {
    const { receiver, accept } = receiverWith();
    const [one, two] = [await accept('aaaa'), await accept('bbbb')];
    expect(one.etag).toMatch(/^"[A-Za-z0-9_-]{16}"$/);
    expect(two.etag).not.toBe(one.etag);
    expect(one.source).toMatchObject({ protocol: 'whip', remoteAddress: '192.0.2.9' });
    expect(one.answer).toContain('a=ice-ufrag:abcd\r\n');
    receiver.close();
  });

  it('takes as many sessions as it may, and one again when one has ended', async () => {
    const { receiver, accept } = receiverWith({ maxSessions: 1 });
    await accept('aaaa');
    await expect(accept('bbbb')).rejects.toThrow(code('no_capacity'));
    expect(receiver.remove(id('aaaa'))).toBe(true);
    await accept('bbbb');
    await expect(accept('bbbb')).rejects.toThrow(code('no_capacity'));
    receiver.close();
    await expect(accept('cccc')).rejects.toThrow(code('no_capacity'));
    expect(receiver.sessionCount).toBe(0);
  });

  it('answers one session once', async () => {
    const { receiver, accept } = receiverWith();
    await accept('aaaa');
    await expect(accept('aaaa')).rejects.toThrow(code('conflict'));
    receiver.close();
  });

  it('keeps nothing of an offer that the WebRTC stack refuses', async () => {
    const { receiver, accept } = receiverWith({
      openTransport: async () => {
        throw new FootlightError('invalid_sdp', 'no');
      },
    });
    await expect(accept('aaaa')).rejects.toThrow(code('invalid_sdp'));
    await expect(accept('bbbb', 'v=0')).rejects.toThrow(code('unsupported_media'));
    expect(receiver.sessionCount).toBe(0);
  });

  it('passes usable candidates on, for the right tag', async () => {
    const { receiver, wires, accept } = receiverWith();
    const { etag } = await accept('aaaa');
    const candidate = '1 1 udp 1 192.0.2.7 5000 typ host';
    receiver.trickle(id('aaaa'), etag, `a=candidate:${candidate}\r\na=candidate:2 1 udp 1 x.local 5 typ host\r\n`);
    expect(wires[0]?.candidates).toEqual([candidate]);
    expect(() => receiver.trickle(id('zzzz'), etag, `a=candidate:${candidate}`)).toThrow(code('not_found'));
    receiver.close();
  });

  it('closes the transport at once on DELETE, and says it was a goodbye', async () => {
    const { receiver, wires, accept } = receiverWith();
    const { source } = await accept('aaaa');
    const events: SourceEvent[] = [];
    source.start((event) => events.push(event));
    expect([receiver.remove(id('aaaa')), receiver.remove(id('aaaa'))]).toEqual([true, false]);
    expect(wires[0]?.isClosed).toBe(true);
    wires[0]?.events.onPacket(video(1, true));
    wires[0]?.events.onGone('later');
    source.stop('again');
    expect(events).toEqual([{ type: 'ended', clean: true, reason: 'The encoder ended the session.' }]);
  });

  it('says that an encoder was lost when its path is gone', async () => {
    const { receiver, wires, accept } = receiverWith();
    const { source } = await accept('aaaa');
    wires[0]?.events.onGone('cable');
    const events: SourceEvent[] = [];
    source.start((event) => events.push(event));
    expect(events).toEqual([{ type: 'ended', clean: false, reason: 'cable' }]);
    expect(receiver.sessionCount).toBe(0);
  });

  it('frees a session that never connects after 15 s, and a silent one after 10 s', async () => {
    vi.useFakeTimers();
    const { receiver, wires, accept } = receiverWith();
    await accept('aaaa');
    await accept('bbbb');
    wires[1]?.events.onConnected();
    vi.advanceTimersByTime(9_900);
    expect(receiver.sessionCount).toBe(2);
    vi.advanceTimersByTime(200);
    expect(receiver.sessionCount).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(receiver.sessionCount).toBe(0);
    expect(wires.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps early frames for a listener who comes late, some of them, and begins again with a key frame', async () => {
    const { receiver, wires, accept } = receiverWith();
    const { source } = await accept('aaaa');
    wires[0]?.events.onConnected();
    for (let sequence = 0; sequence < 2000; sequence += 1) wires[0]?.events.onPacket(video(sequence, sequence === 0));
    const events: SourceEvent[] = [];
    source.start((event) => events.push(event));
    expect(events[0]).toMatchObject({ type: 'track', track: { width: 320 } });
    expect(events).toHaveLength(1500);
    expect(source.stats().framesDropped).toBe(501);
    wires[0]?.events.onPacket(video(2000, false));
    expect(events).toHaveLength(1500);
    wires[0]?.events.onPacket(video(2001, true));
    wires[0]?.events.onPacket(video(2002, false));
    expect(events).toHaveLength(1502);
    expect(wires[0]?.sent.some((packet) => packet[1] === 206)).toBe(true);
    receiver.close();
  });
});
