// The CODECS string of a track, read from its sample description and never assumed: encoders do not always keep to the asked profile.
import { boxAt, boxesIn, brokenMedia } from './boxes.ts';

const VISUAL_FIELDS = 78;
const SOUND_FIELDS = 28;
const AAC_OBJECT_TYPE = 0x40;

/** RFC 6381, from the body of an stsd box: `avc1.64001f`, `mp4a.40.2`. */
export function codecsOf(stsd: Uint8Array): string {
  const entry = boxesIn(stsd.subarray(8))[0];
  if (entry?.type === 'avc1') return avcCodecs(boxAt(entry.body.subarray(VISUAL_FIELDS), 'avcC').body);
  if (entry?.type === 'mp4a') return aacCodecs(boxAt(entry.body.subarray(SOUND_FIELDS), 'esds').body);
  throw brokenMedia(`a track holds "${entry?.type ?? 'nothing'}", which no rendition is made of`);
}

/** avcC: version, then profile, compatibility and level. */
function avcCodecs(avcC: Uint8Array): string {
  if (avcC.length < 4) throw brokenMedia('the avcC box is cut off');
  return `avc1.${Array.from(avcC.subarray(1, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Down the descriptors of ISO 14496-1: ES (3) -> DecoderConfig (4) -> DecoderSpecificInfo (5), whose first 5 bits are the object type. */
function aacCodecs(esds: Uint8Array): string {
  const es = descriptorAt(esds, 4, 3);
  const decoder = descriptorAt(esds, es + 3, 4);
  if (esds[decoder] !== AAC_OBJECT_TYPE) throw brokenMedia('the audio is not AAC');
  const specific = descriptorAt(esds, decoder + 13, 5);
  return `mp4a.40.${(esds[specific] ?? 0) >> 3}`;
}

/** Where the content of the descriptor at `at` starts; its length takes one to four bytes. */
function descriptorAt(bytes: Uint8Array, at: number, tag: number): number {
  if (bytes[at] !== tag) throw brokenMedia('the esds box is malformed');
  let next = at + 1;
  while (next < at + 4 && ((bytes[next] ?? 0) & 0x80) !== 0) next += 1;
  return next + 1;
}
