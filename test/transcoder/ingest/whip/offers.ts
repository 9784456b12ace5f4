// What real WHIP clients offer, for tests: Chromium 156 (max-bundle), OBS 30 (libdatachannel), ffmpeg's whip muxer, GStreamer.
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`./offers/${name}.sdp`, import.meta.url), 'utf8');

export const OFFERS = {
  chromium: read('chromium'),
  obs: read('obs'),
  ffmpeg: read('ffmpeg'),
  gstreamer: read('gstreamer'),
};

/** OBS 32 with three layers. */
export const OBS_SIMULCAST = `${OFFERS.obs}${[
  'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'a=rid:2 send',
  'a=rid:1 send',
  'a=rid:0 send',
  'a=simulcast:send 2;1;0',
].join('\r\n')}\r\n`;
