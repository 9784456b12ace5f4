// Where a webhook may point: out into the world, and never at what only we can reach.

/** Names that mean a machine or a network of one's own. */
const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'lan', 'home.arpa', 'onion'];

/** IPv4 blocks that are not the public internet (RFC 6890): address and prefix length. */
const PRIVATE_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Why a webhook may not point there, or null. `isLocal`: local mode, where this very machine may be meant. */
export function refusalOf(text: string, { isLocal }: { isLocal: boolean }): string | null {
  if (!URL.canParse(text)) return 'is not a URL';
  // The parser writes every spelling of an IPv4 address (octal, hexadecimal, one number) as four decimals.
  const { protocol, username, password, hostname } = new URL(text);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (username || password) return 'carries credentials; the signature says who sends';
  if (isLocal && isLoopback(host))
    return protocol === 'http:' || protocol === 'https:' ? null : 'must begin with https://';
  if (protocol !== 'https:') return 'must begin with https://';
  return isPublic(host) ? null : 'points at an address that is not on the public internet';
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** An IPv4 or IPv6 address as a resolver writes it. */
export const isPublicAddress = (address: string): boolean =>
  address.includes(':') ? isPublicV6(address) : !PRIVATE_V4.some(([block, bits]) => isWithin(address, block, bits));

function isPublic(host: string): boolean {
  if (host.startsWith('[')) return isPublicAddress(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPublicAddress(host);
  // One label alone is a name of the local network.
  return host.includes('.') && !PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
}

/** 2000::/3 is all of the public internet, less documentation, Teredo and 6to4, which can carry a private IPv4 address. */
function isPublicV6(address: string): boolean {
  const [first = 0, second = 0] = address.split(':').map((group) => Number.parseInt(group || '0', 16));
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false;
  return !(first === 0x2001 && (second === 0 || second === 0xdb8)) && first !== 0x3fff;
}

const isWithin = (address: string, block: string, bits: number): boolean =>
  Math.floor(toNumber(address) / 2 ** (32 - bits)) === Math.floor(toNumber(block) / 2 ** (32 - bits));

const toNumber = (address: string): number =>
  address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
