// Which of our addresses an answer names, and in which order. Pure.

/** Highest type preference (RFC 8445 5.1.2.1), above the local addresses of the stack. */
const ANNOUNCED_TYPE_PREFERENCE = 126;

/**
 * `candidates`: values of a=candidate from the stack. Each public address is announced with every local UDP port of its
 * family, first of all; then the local ones, IPv4 first, because ffmpeg tries the first line only.
 */
export function announce(candidates: readonly string[], publicAddresses: readonly string[]): string[] {
  const local = candidates.map((value) => value.trim()).filter((value) => value.split(' ').length >= 8);
  const ordered = [
    ...local.filter((value) => !isIpv6(addressOf(value))),
    ...local.filter((value) => isIpv6(addressOf(value))),
  ];
  const announced = publicAddresses.flatMap((address, index) => {
    const hosts = ordered.filter(
      (value) => value.includes(' typ host') && isIpv6(addressOf(value)) === isIpv6(address),
    );
    const ports = new Set(hosts.map((value) => value.split(' ')[5]!));
    return [...ports].map((port, place) => {
      const priority = ANNOUNCED_TYPE_PREFERENCE * 2 ** 24 + (65_535 - index * 16 - place) * 256 + 255;
      return `${100 + index} 1 UDP ${priority} ${address} ${port} typ host`;
    });
  });
  const known = new Set(publicAddresses);
  return [...announced, ...ordered.filter((value) => !known.has(addressOf(value)))];
}

const addressOf = (value: string): string => value.split(' ')[4] ?? '';
const isIpv6 = (address: string): boolean => address.includes(':');
