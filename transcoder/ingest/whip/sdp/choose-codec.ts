// Chooses among the payload types of one section of an offer. Pure.
import { h264NalType } from '../../../codecs/h264.ts';
import type { AudioPlan, VideoPlan } from './plan.ts';
import { broken, unsupported } from './refusals.ts';
import type { MediaSection } from './session-description.ts';

interface OfferedCodec {
  payloadType: number;
  /** As written. */
  encoding: string;
  clockRate: number;
  channels: number;
  fmtp: string;
  parameters: Map<string, string>;
}

/** Best first: what the transcoder and its decoder handle most cheaply. */
const VIDEO_PREFERENCE: { codec: VideoPlan['codec']; accepts: (offered: OfferedCodec) => boolean }[] = [
  { codec: 'h264', accepts: (offered) => is(offered, 'H264') && offered.parameters.get('packetization-mode') === '1' },
  { codec: 'vp8', accepts: (offered) => is(offered, 'VP8') },
  // Profile 0: 8 bit 4:2:0.
  { codec: 'vp9', accepts: (offered) => is(offered, 'VP9') && (offered.parameters.get('profile-id') ?? '0') === '0' },
  { codec: 'av1', accepts: (offered) => is(offered, 'AV1') && (offered.parameters.get('profile') ?? '0') === '0' },
  { codec: 'hevc', accepts: (offered) => is(offered, 'H265') },
  // Whole NAL units only: works, but every slice must fit into a packet.
  {
    codec: 'h264',
    accepts: (offered) => is(offered, 'H264') && (offered.parameters.get('packetization-mode') ?? '0') === '0',
  },
];

export function chooseVideo(section: MediaSection): Omit<VideoPlan, 'mid' | 'isReducedSize' | 'answersProbes'> {
  const offered = codecsOf(section).filter(({ clockRate }) => clockRate === 90_000);
  for (const { codec, accepts } of VIDEO_PREFERENCE) {
    const chosen = offered.find(accepts);
    if (!chosen) continue;
    const { payloadType, encoding, fmtp, parameters } = chosen;
    const rtx = offered.find((each) => is(each, 'rtx') && each.parameters.get('apt') === String(payloadType));
    return {
      kind: 'video',
      codec,
      payloadType,
      encoding,
      fmtp,
      rtxPayloadType: rtx?.payloadType ?? null,
      parameterSets: codec === 'h264' ? readParameterSets(parameters) : [],
      feedback: feedbackOf(section, payloadType),
      rids: readRids(section),
      midExtension: extensionOf(section, 'urn:ietf:params:rtp-hdrext:sdes:mid'),
      ridExtension: extensionOf(section, 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'),
      repairedRidExtension: extensionOf(section, 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id'),
    };
  }
  throw unsupported('no video codec in it can be received', 'Use H.264, VP8, VP9, AV1 or H.265.');
}

export function chooseAudio(section: MediaSection): Omit<AudioPlan, 'mid' | 'isReducedSize' | 'answersProbes'> {
  const chosen = codecsOf(section).find(
    (offered) => is(offered, 'opus') && offered.clockRate === 48_000 && offered.channels === 2,
  );
  if (!chosen) throw unsupported('no audio codec in it can be received', 'Use Opus.');
  return { kind: 'audio', payloadType: chosen.payloadType, fmtp: chosen.fmtp };
}

const is = (offered: OfferedCodec, encoding: string): boolean =>
  offered.encoding.toLowerCase() === encoding.toLowerCase();

/** In the order of the m= line, which is the sender's preference. */
function codecsOf(section: MediaSection): OfferedCodec[] {
  const maps = new Map(section.all('rtpmap').map((value) => splitOnce(value)));
  const formats = new Map(section.all('fmtp').map((value) => splitOnce(value)));
  return section.formats.flatMap((format) => {
    const payloadType = Number(format);
    if (!/^\d{1,3}$/.test(format) || payloadType > 127) throw broken(`"${format.slice(0, 20)}" is not a payload type`);
    const [, encoding, clockRate, channels] =
      /^([A-Za-z0-9._-]{1,40})\/(\d{1,9})(?:\/(\d{1,2}))?$/.exec(maps.get(format) ?? '') ?? [];
    if (!encoding) return [];
    const fmtp = formats.get(format) ?? '';
    return [
      {
        payloadType,
        encoding,
        clockRate: Number(clockRate),
        channels: Number(channels ?? 1),
        fmtp,
        parameters: parametersOf(fmtp),
      },
    ];
  });
}

function parametersOf(fmtp: string): Map<string, string> {
  return new Map(
    fmtp.split(';').map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? [pair.trim().toLowerCase(), '']
        : [pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()];
    }),
  );
}

function splitOnce(value: string): [string, string] {
  const space = value.indexOf(' ');
  return space < 0 ? [value, ''] : [value.slice(0, space), value.slice(space + 1).trim()];
}

function feedbackOf(section: MediaSection, payloadType: number): string[] {
  return section
    .all('rtcp-fb')
    .map(splitOnce)
    .flatMap(([type, feedback]) => (type === String(payloadType) || type === '*' ? [feedback] : []));
}

/** RFC 8853: only layers that the simulcast line sends; `~` marks a paused one, `,` alternatives of which the first counts. */
function readRids(section: MediaSection): string[] {
  const sends = /(?:^| )send ([^ ]+)/.exec(section.one('simulcast') ?? '')?.[1];
  if (!sends) return [];
  const rids = sends.split(';').map((layer) => (layer.split(',')[0] ?? '').replace(/^~/, ''));
  if (rids.length > 8 || !rids.every((rid) => /^[A-Za-z0-9_-]{1,32}$/.test(rid)))
    throw broken('its simulcast line is not sound');
  return rids;
}

function extensionOf(section: MediaSection, uri: string): number | null {
  for (const value of section.all('extmap')) {
    const [, id, name] = /^(\d{1,3})(?:\/[a-z]+)? (\S+)/.exec(value) ?? [];
    if (id && name === uri && Number(id) >= 1 && Number(id) <= 255) return Number(id);
  }
  return null;
}

function readParameterSets(parameters: Map<string, string>): Uint8Array[] {
  const text = parameters.get('sprop-parameter-sets') ?? '';
  return text
    .split(',')
    .map((set) => new Uint8Array(Buffer.from(set, 'base64')))
    .filter((unit) => h264NalType(unit) === 7 || h264NalType(unit) === 8);
}
