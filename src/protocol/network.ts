// Addresses of people are never kept whole: a network is enough to recognise a stranger, too little to find a person.

/** IPv4 to its /24, IPv6 to its /48; null for what is no address. */
export function truncatedNetwork(address: string): string | null {
  const ipv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(address);
  if (ipv4) return `${ipv4[1]}.${ipv4[2]}.${ipv4[3]}.0/24`;
  const groups = groupsOf(address)?.slice(0, 3);
  return groups ? `${groups.join(':')}::/48` : null;
}

/** What one household comes by: an IPv4 address, an IPv6 /64. Only to be hashed; null for what is no address. */
export function householdOf(address: string): string | null {
  const mapped = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped) return mapped[1]!;
  const groups = groupsOf(address)?.slice(0, 4);
  return groups ? `${groups.join(':')}::/64` : null;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] | null {
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(':')) return null;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16));
  return groups.includes('NaN') ? null : groups;
}

/** For whom attempts are counted: an IPv4 address, which many may share; of IPv6 the network, since who has one address has them all. */
export const senderOf = (address: string): string => (address.includes(':') && truncatedNetwork(address)) || address;
