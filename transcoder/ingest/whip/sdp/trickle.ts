// Reads the fragment of a WHIP PATCH (RFC 8840): more candidates, or an ICE restart, which is refused. Pure.
import { FootlightError } from '../../../../src/protocol/errors.ts';
import { isUsableCandidate } from './plan.ts';

/** The candidates that can be used; useless ones are dropped silently. Throws invalid_sdp, or unsupported_media for a restart. */
export function readTrickle(fragment: string, current: { iceUfrag: string; icePwd: string }): string[] {
  const lines = fragment.split(/\r\n|\n/).filter((line) => line !== '');
  const isFragment =
    lines.every((line) => /^[a-z]=/.test(line)) &&
    lines.some((line) => /^a=(candidate:|ice-|end-of-candidates)/.test(line));
  if (!isFragment || lines.length > MOST_LINES) {
    throw new FootlightError(
      'invalid_sdp',
      'The body is not an ICE fragment: send lines like "a=candidate:..." as RFC 8840 has them.',
    );
  }
  const values = (name: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`a=${name}:`) ? [line.slice(name.length + 3).trim()] : []));
  const isRestart =
    values('ice-ufrag').some((each) => each !== current.iceUfrag) ||
    values('ice-pwd').some((each) => each !== current.icePwd);
  if (isRestart) {
    throw new FootlightError(
      'unsupported_media',
      'ICE restarts are not supported: end this session and begin a new one with a new POST.',
    );
  }
  return values('candidate').filter(isUsableCandidate);
}

/** RFC 9725 4.3.3: `*` stands for any tag; some clients quote it. Throws precondition_required or stale_etag. */
export function checkIfMatch(ifMatch: string, etag: string): void {
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (ifMatch.trim() === '') {
    throw new FootlightError(
      'precondition_required',
      'The request has no If-Match: send the ETag of the answer to the POST, or *.',
    );
  }
  if (!tags.some((tag) => tag === '*' || tag === '"*"' || tag === etag)) {
    throw new FootlightError(
      'stale_etag',
      'The If-Match is not of this ICE session: it may belong to an older one. Begin a new session with a POST.',
    );
  }
}

const MOST_LINES = 300;
