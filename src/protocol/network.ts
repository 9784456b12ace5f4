// Addresses of people are never kept whole: a network is enough to recognise a stranger, too little to find a person.

/** IPv4 to its /24, IPv6 to its /48; null for what is no address. */
export function truncatedNetwork(address: string): string | null {
  const ipv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(address);
  if (ipv4) return `${ipv4[1]}.${ipv4[2]}.${ipv4[3]}.0/24`;
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(':')) return null;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return groups.length === 3 && !groups.includes('NaN') ? `${groups.join(':')}::/48` : null;
}

/** For whom attempts are counted: an IPv4 address, which many may share; of IPv6 the network, since who has one address has them all. */
export const senderOf = (address: string): string => (address.includes(':') && truncatedNetwork(address)) || address;
