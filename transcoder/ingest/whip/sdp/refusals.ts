// The two ways in which an offer is refused.
import { FootlightError } from '../../../../src/protocol/errors.ts';

/** 400: no WebRTC stack writes this. */
export const broken = (why: string): FootlightError =>
  new FootlightError('invalid_sdp', `The SDP cannot be used: ${why}. Send the offer of the WebRTC stack unchanged.`);

/** 422: sound, but it cannot be served whole, and WHIP knows no rejected sections. */
export const unsupported = (why: string, remedy: string): FootlightError =>
  new FootlightError('unsupported_media', `The offer cannot be accepted: ${why}. ${remedy}`);
