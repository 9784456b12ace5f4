// Reads SDP (RFC 8866) into sections with their attributes; what the lines mean is decided elsewhere.
import { broken } from './refusals.ts';

export interface Attributes {
  /** The value of the first `a=name:value` (empty for a bare `a=name`); null without one. */
  one(name: string): string | null;
  all(name: string): string[];
}

export interface MediaSection extends Attributes {
  kind: string;
  port: number;
  protocol: string;
  formats: string[];
}

export interface SessionDescription extends Attributes {
  media: MediaSection[];
}

const MOST_LINES = 5000;
const MOST_SECTIONS = 16;

/** Throws invalid_sdp. Line ends may be CRLF or LF; lines that are not understood are kept out, as RFC 8866 5 asks. */
export function parseSdp(text: string): SessionDescription {
  const lines = text.split(/\r\n|\n/).filter((line) => line !== '');
  if (lines.length > MOST_LINES) throw broken(`it has more than ${MOST_LINES} lines`);
  if (lines[0] !== 'v=0') throw broken('it does not begin with "v=0"');
  const session: [string, string][] = [];
  const sections: { header: string; attributes: [string, string][] }[] = [];
  for (const line of lines) {
    if (!/^[a-z]=/.test(line)) throw broken(`"${line.slice(0, 40)}" is not a line of the form x=value`);
    if (line.startsWith('m=')) {
      if (sections.length === MOST_SECTIONS) throw broken(`it has more than ${MOST_SECTIONS} media sections`);
      sections.push({ header: line.slice(2), attributes: [] });
    } else if (line.startsWith('a=')) {
      (sections.at(-1)?.attributes ?? session).push(splitAttribute(line.slice(2)));
    }
  }
  return {
    ...access(session),
    media: sections.map(({ header, attributes }) => ({ ...readHeader(header), ...access(attributes) })),
  };
}

function splitAttribute(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text.trim(), ''] : [text.slice(0, colon), text.slice(colon + 1).trim()];
}

function access(attributes: readonly [string, string][]): Attributes {
  return {
    one: (name) => attributes.find(([each]) => each === name)?.[1] ?? null,
    all: (name) => attributes.flatMap(([each, value]) => (each === name ? [value] : [])),
  };
}

function readHeader(header: string) {
  const [kind = '', port = '', protocol = '', ...formats] = header.trim().split(/\s+/);
  if (!/^\d{1,5}(\/\d+)?$/.test(port) || formats.length === 0)
    throw broken(`"m=${header.slice(0, 40)}" is not a media line`);
  return { kind, port: Number.parseInt(port, 10), protocol, formats };
}
