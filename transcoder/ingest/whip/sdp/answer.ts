// Writes the answer to a plan: recvonly, bundled, complete candidates. Pure.
import type { AudioPlan, SessionPlan, VideoPlan } from './plan.ts';

export interface LocalTransport {
  iceUfrag: string;
  icePwd: string;
  fingerprint: { algorithm: string; value: string };
  /** Values of a=candidate, complete: the server never trickles. */
  candidates: string[];
}

/** Without these a browser that gets no transport-wide feedback starts at 300 kbit/s and climbs for 15 s. */
const BROWSER_START = 'x-google-start-bitrate=2500;x-google-min-bitrate=300';
/** What we send; anything else in the offer (transport-cc, FIR) would be promised and not kept. */
const FEEDBACK = ['nack', 'nack pli', 'goog-remb'];

/** `sessionNumber`: of the o= line, a random number. Every line ends in CRLF, the last one too (OBS needs it). */
export function writeAnswer(plan: SessionPlan, local: LocalTransport, sessionNumber: number): string {
  const lines = [
    'v=0',
    `o=- ${sessionNumber} 1 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    ...(plan.isBundled ? [`a=group:BUNDLE ${plan.sections.map(({ mid }) => mid).join(' ')}`] : []),
    ...plan.sections.flatMap((section, index) => [
      ...mediaLines(section),
      ...transportLines(plan, local, index === 0 ? local.candidates : []),
    ]),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function mediaLines(plan: VideoPlan | AudioPlan): string[] {
  const { payloadType } = plan;
  const formats =
    plan.kind === 'video' && plan.rtxPayloadType !== null ? `${payloadType} ${plan.rtxPayloadType}` : payloadType;
  return [
    `m=${plan.kind} 9 UDP/TLS/RTP/SAVPF ${formats}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${plan.mid}`,
    'a=recvonly',
    'a=rtcp-mux',
    // WHIP asks for it (RFC 9725 4.4.1), RFC 8858 forbids it; every client that was tried takes it.
    'a=rtcp-mux-only',
    ...(plan.isReducedSize ? ['a=rtcp-rsize'] : []),
    ...(plan.answersProbes ? ['a=rtcp-xr:rcvr-rtt=all'] : []),
    ...(plan.kind === 'video' ? videoLines(plan) : audioLines(plan)),
  ];
}

function videoLines(plan: VideoPlan): string[] {
  const { payloadType, rtxPayloadType, feedback } = plan;
  const parameters = [withoutParameterSets(plan.fmtp), BROWSER_START].filter((part) => part !== '').join(';');
  return [
    `a=rtpmap:${payloadType} ${plan.encoding}/90000`,
    ...FEEDBACK.filter((each) => feedback.includes(each)).map((each) => `a=rtcp-fb:${payloadType} ${each}`),
    `a=fmtp:${payloadType} ${parameters}`,
    ...(rtxPayloadType === null
      ? []
      : [`a=rtpmap:${rtxPayloadType} rtx/90000`, `a=fmtp:${rtxPayloadType} apt=${payloadType}`]),
    ...(plan.rids.length === 0 ? [] : simulcastLines(plan)),
  ];
}

/** RFC 8853 5.3.2: every offered layer is accepted, although only one is used: OBS stops when one is missing. */
function simulcastLines(plan: VideoPlan): string[] {
  const extensions: [number | null, string][] = [
    [plan.midExtension, 'urn:ietf:params:rtp-hdrext:sdes:mid'],
    [plan.ridExtension, 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'],
    [plan.repairedRidExtension, 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id'],
  ];
  return [
    ...extensions.flatMap(([id, uri]) => (id === null ? [] : [`a=extmap:${id} ${uri}`])),
    ...plan.rids.map((rid) => `a=rid:${rid} recv`),
    `a=simulcast:recv ${plan.rids.join(';')}`,
  ];
}

/** The receiver's wish: stereo at a rate that suits music. */
const audioLines = ({ payloadType }: AudioPlan): string[] => [
  `a=rtpmap:${payloadType} opus/48000/2`,
  `a=fmtp:${payloadType} minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1`,
];

function transportLines(plan: SessionPlan, local: LocalTransport, candidates: readonly string[]): string[] {
  return [
    `a=ice-ufrag:${local.iceUfrag}`,
    `a=ice-pwd:${local.icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
    `a=setup:${plan.transport.ourSetup}`,
    ...(candidates.length === 0
      ? []
      : [...candidates.map((candidate) => `a=candidate:${candidate}`), 'a=end-of-candidates']),
  ];
}

/** The sender's parameter sets are its own business. */
const withoutParameterSets = (fmtp: string): string =>
  fmtp
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !/^sprop-/i.test(pair))
    .join(';');
