// Decides from an offer what is received: which codec of which section, and how the transport is reached. Pure.
import type { VideoTrack } from '../../../media.ts';
import { chooseAudio, chooseVideo } from './choose-codec.ts';
import { broken, unsupported } from './refusals.ts';
import { type MediaSection, parseSdp, type SessionDescription } from './session-description.ts';

interface CommonPlan {
  mid: string;
  payloadType: number;
  /** The offer's parameters of the chosen payload type, unchanged; may be empty. */
  fmtp: string;
}

export interface VideoPlan extends CommonPlan {
  kind: 'video';
  codec: VideoTrack['codec'];
  /** As written in the offer's rtpmap. */
  encoding: string;
  rtxPayloadType: number | null;
  /** NAL units of sprop-parameter-sets (H.264). */
  parameterSets: Uint8Array[];
  /** Feedback that the offer allows for this payload type. */
  feedback: string[];
  /** Simulcast layers, all of which are accepted; empty without simulcast. */
  rids: string[];
  /** Header extensions that name the layer, as offered; only with simulcast. */
  midExtension: number | null;
  ridExtension: number | null;
  repairedRidExtension: number | null;
  isReducedSize: boolean;
  answersProbes: boolean;
}

export interface AudioPlan extends CommonPlan {
  kind: 'audio';
  isReducedSize: boolean;
  answersProbes: boolean;
}

export interface RemoteTransport {
  iceUfrag: string;
  icePwd: string;
  fingerprint: { algorithm: string; value: string };
  /** What we are: passive unless the offer wants to be passive itself (ffmpeg). */
  ourSetup: 'active' | 'passive';
  /** Values of a=candidate; OBS and ffmpeg send none. */
  candidates: string[];
}

export interface SessionPlan {
  video: VideoPlan | null;
  audio: AudioPlan | null;
  /** In the order of the offer. */
  sections: (VideoPlan | AudioPlan)[];
  isBundled: boolean;
  transport: RemoteTransport;
}

/** Throws invalid_sdp for an offer that is broken, unsupported_media for one that is sound and cannot be served whole. */
export function planSession(offer: string): SessionPlan {
  const sdp = parseSdp(offer);
  if (sdp.media.length === 0) throw unsupported('it has no media section', 'Offer one video and one audio track.');
  for (const kind of ['video', 'audio']) {
    if (sdp.media.filter((section) => section.kind === kind).length > 1) {
      throw unsupported(`it has more than one ${kind} track`, `Send one ${kind} track per session.`);
    }
  }
  const sections = sdp.media.map((section, index) => planSection(section, index));
  const mids = sections.map(({ mid }) => mid);
  if (new Set(mids).size < mids.length) throw broken('two media sections have the same mid');
  const isBundled = readBundle(sdp, mids);
  const types = sections.flatMap((plan) =>
    plan.kind === 'video' ? [plan.payloadType, plan.rtxPayloadType] : [plan.payloadType],
  );
  // RFC 9143 9.1.1: on a shared transport a payload type means one thing.
  if (new Set(types).size < types.length) throw broken('one payload type stands for two codecs of the same bundle');
  return {
    video: sections.find((plan) => plan.kind === 'video') ?? null,
    audio: sections.find((plan) => plan.kind === 'audio') ?? null,
    sections,
    isBundled,
    transport: readTransport(sdp, leadingSection(sdp, mids)),
  };
}

function planSection(section: MediaSection, index: number): VideoPlan | AudioPlan {
  const { kind } = section;
  if (kind !== 'video' && kind !== 'audio') {
    throw unsupported(`it has a section of kind "${kind.slice(0, 20)}"`, 'Send video and audio only, no data channel.');
  }
  // RFC 9143 6: port 0 with bundle-only is a section like any other.
  if (section.port === 0 && section.one('bundle-only') === null) {
    throw unsupported(`its ${kind} section is switched off (port 0)`, 'Leave the section out.');
  }
  if (!/^UDP\/TLS\/RTP\/SAVPF?$/.test(section.protocol)) {
    throw unsupported(`its ${kind} section uses ${section.protocol.slice(0, 30)}`, 'Use UDP/TLS/RTP/SAVPF.');
  }
  if (section.one('recvonly') !== null || section.one('inactive') !== null) {
    throw unsupported(`its ${kind} section sends nothing`, 'Offer it as sendonly.');
  }
  const mid = section.one('mid') ?? String(index);
  if (!/^[\x21-\x7e]{1,64}$/.test(mid)) throw broken(`the ${kind} section has no usable mid`);
  const shared = {
    mid,
    isReducedSize: section.one('rtcp-rsize') !== null,
    answersProbes: section.one('rtcp-xr') !== null,
  };
  return kind === 'video' ? { ...shared, ...chooseVideo(section) } : { ...shared, ...chooseAudio(section) };
}

/** WHIP asks for BUNDLE (RFC 9725 4.4): all sections share one transport. */
function readBundle(sdp: SessionDescription, mids: readonly string[]): boolean {
  const group = bundleOf(sdp);
  if (group && mids.every((mid) => group.includes(mid))) return true;
  if (mids.length > 1)
    throw unsupported('its tracks are not bundled on one transport', 'Offer a=group:BUNDLE with all mids.');
  return false;
}

const bundleOf = (sdp: SessionDescription): string[] | null =>
  sdp
    .all('group')
    .map((value) => value.split(' '))
    .find(([semantics]) => semantics === 'BUNDLE')
    ?.slice(1) ?? null;

/** RFC 9143 7.2.1: the section that the group names first carries the transport. */
function leadingSection(sdp: SessionDescription, mids: readonly string[]): MediaSection {
  return sdp.media[Math.max(0, mids.indexOf(bundleOf(sdp)?.[0] ?? ''))]!;
}

function readTransport(sdp: SessionDescription, lead: MediaSection): RemoteTransport {
  // Each of these may stand in the section or, for all sections, at the session's level (OBS does the latter).
  const one = (name: string): string | null =>
    lead.one(name) ?? sdp.one(name) ?? sdp.media.map((each) => each.one(name)).find((each) => each !== null) ?? null;
  const iceUfrag = one('ice-ufrag') ?? '';
  const icePwd = one('ice-pwd') ?? '';
  // RFC 8839 5.4: ice-char, 4 to 256 and 22 to 256 of them.
  if (!/^[A-Za-z0-9+/_-]{4,256}$/.test(iceUfrag) || !/^[A-Za-z0-9+/_-]{22,256}$/.test(icePwd)) {
    throw broken('it has no usable ice-ufrag and ice-pwd');
  }
  const fingerprints = [...lead.all('fingerprint'), ...sdp.all('fingerprint')].flatMap((value) => {
    const [, algorithm, hex] = /^(sha-(?:1|224|256|384|512)) ((?:[0-9A-F]{2}:){19,63}[0-9A-F]{2})$/i.exec(value) ?? [];
    return algorithm && hex && hex.length === FINGERPRINT_CHARS[algorithm.toLowerCase()]
      ? [{ algorithm: algorithm.toLowerCase(), value: hex.toUpperCase() }]
      : [];
  });
  const fingerprint = fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ?? fingerprints[0];
  if (!fingerprint) throw broken('it has no usable DTLS fingerprint');
  const setup = one('setup') ?? 'actpass';
  if (!['actpass', 'active', 'passive'].includes(setup))
    throw broken(`a=setup:${setup.slice(0, 20)} leaves nobody to connect`);
  const candidates = sdp.media
    .flatMap((section) => section.all('candidate'))
    .filter(isUsableCandidate)
    .slice(0, MOST_CANDIDATES);
  return { iceUfrag, icePwd, fingerprint, ourSetup: setup === 'passive' ? 'active' : 'passive', candidates };
}

const MOST_CANDIDATES = 64;
const FINGERPRINT_CHARS: Readonly<Record<string, number>> = {
  'sha-1': 59,
  'sha-224': 83,
  'sha-256': 95,
  'sha-384': 143,
  'sha-512': 191,
};

/** UDP with a plain address; mDNS names (.local) mean nothing outside the sender's network, TCP is not spoken. */
export function isUsableCandidate(value: string): boolean {
  const match =
    /^[A-Za-z0-9+/]{1,32} 1 udp \d{1,10} ([0-9a-fA-F.:]{3,45}) (\d{1,5}) typ (host|srflx|prflx|relay)( [\x21-\x7e]+)*$/i.exec(
      value,
    );
  return match !== null && Number(match[2]) <= 65_535;
}
