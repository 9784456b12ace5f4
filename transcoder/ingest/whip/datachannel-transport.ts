// The transport by node-datachannel (libdatachannel, the stack that OBS uses), which sees a minimal offer of our own making.
import datachannel, { type PeerConnection, type Track } from 'node-datachannel';
import { FootlightError } from '../../../src/protocol/errors.ts';
import { announce } from './sdp/announce.ts';
import type { LocalTransport } from './sdp/answer.ts';
import type { RemoteTransport } from './sdp/plan.ts';
import type { OpenTransport, TransportEvents, TransportOptions, WhipTransport } from './transport.ts';

export const openDatachannelTransport: OpenTransport = async (remote, options, events) => {
  const peer = new datachannel.PeerConnection('whip', {
    iceServers: [...options.iceServers],
    disableAutoNegotiation: true,
    ...(options.bindAddress ? { bindAddress: options.bindAddress } : {}),
    ...(options.udpPorts
      ? {
          portRangeBegin: options.udpPorts.begin,
          portRangeEnd: options.udpPorts.end,
          enableIceUdpMux: options.udpPorts.begin === options.udpPorts.end,
        }
      : {}),
  });
  const transport = new DatachannelTransport(peer, events);
  try {
    await transport.open(remote, options);
    return transport;
  } catch (error) {
    transport.close();
    if (error instanceof FootlightError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FootlightError(
      'invalid_sdp',
      `The WebRTC stack does not take the offer: ${reason}. Check ICE and DTLS lines.`,
    );
  }
};

/** Frees the threads of the library; call once, when the process ends. */
export const releaseWebRtc = (): void => datachannel.cleanup();

class DatachannelTransport implements WhipTransport {
  readonly #peer: PeerConnection;
  readonly #events: TransportEvents;
  // Held for as long as the session lives: a collected track drops its packets.
  #track: Track | null = null;
  #local: LocalTransport | null = null;
  #isOver = false;

  constructor(peer: PeerConnection, events: TransportEvents) {
    this.#peer = peer;
    this.#events = events;
  }

  get local(): LocalTransport {
    if (!this.#local) throw new FootlightError('internal', 'The transport was used before it was open.');
    return this.#local;
  }

  async open(remote: RemoteTransport, { publicAddresses, gatheringTimeoutMs }: TransportOptions): Promise<void> {
    // A connection with a single section hands every packet of the bundle to its one track, whatever its SSRC and type.
    const media = new datachannel.Video(MID, 'RecvOnly');
    media.addVideoCodec(PAYLOAD_TYPE, 'VP8');
    this.#track = this.#peer.addTrack(media);
    this.#track.onMessage((packet) => {
      if (!this.#isOver) this.#events.onPacket(packet);
    });
    this.#peer.onStateChange((state) => this.#follow(state));
    const gathered = new Promise<void>((resolve) => {
      this.#peer.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
    });
    this.#peer.setRemoteDescription(minimalOffer(remote), 'offer');
    this.#peer.setLocalDescription('answer');
    for (const candidate of remote.candidates) this.addRemoteCandidate(candidate);
    await withinTime(gathered, gatheringTimeoutMs);
    this.#local = readLocal(this.#peer.localDescription()?.sdp ?? '', publicAddresses);
  }

  addRemoteCandidate(value: string): void {
    if (this.#isOver) return;
    try {
      this.#peer.addRemoteCandidate(`candidate:${value}`, MID);
    } catch {
      // RFC 9725 4.3.2: a candidate that cannot be used is dropped silently.
    }
  }

  send(packet: Uint8Array): boolean {
    if (this.#isOver || !this.#track?.isOpen()) return false;
    try {
      return this.#track.sendMessageBinary(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
    } catch {
      // Closed by the other side between the question and the call; onGone follows.
      return false;
    }
  }

  close(): void {
    this.#isOver = true;
    this.#track?.close();
    this.#peer.close();
  }

  #follow(state: string): void {
    if (this.#isOver) return;
    if (state === 'connected') this.#events.onConnected();
    if (state !== 'disconnected' && state !== 'failed' && state !== 'closed') return;
    this.#isOver = true;
    this.#events.onGone(GONE[state]);
  }
}

const MID = '0';
const PAYLOAD_TYPE = 96;
const GONE = {
  disconnected: 'The encoder no longer answers: its network is down or it was stopped.',
  failed: 'No connection could be made: the encoder does not reach our UDP port, or its certificate is another one.',
  closed: 'The encoder closed the connection.',
} as const;

/** By itself the library answers `active` to `actpass`; told what we want to hear, it answers the right thing. */
function minimalOffer({ iceUfrag, icePwd, fingerprint, ourSetup }: RemoteTransport): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MID}`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPE}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    'a=sendonly',
    'a=rtcp-mux',
    `a=rtpmap:${PAYLOAD_TYPE} VP8/90000`,
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${ourSetup === 'passive' ? 'active' : 'passive'}`,
    '',
  ].join('\r\n');
}

function readLocal(sdp: string, publicAddresses: readonly string[]): LocalTransport {
  const lines = sdp.split(/\r\n|\n/);
  const values = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`a=${name}:`) ? [line.slice(name.length + 3)] : []));
  const [algorithm = '', value = ''] = (values('fingerprint')[0] ?? '').split(' ');
  const [iceUfrag, icePwd] = [values('ice-ufrag')[0], values('ice-pwd')[0]];
  const candidates = announce(values('candidate'), publicAddresses);
  if (!iceUfrag || !icePwd || candidates.length === 0) {
    throw new FootlightError(
      'internal',
      'The WebRTC stack found no local address: check the bind address and the UDP ports.',
    );
  }
  return { iceUfrag, icePwd, fingerprint: { algorithm, value }, candidates };
}

async function withinTime(event: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([event, limit]);
  clearTimeout(timer);
}
