// Where the name of a webhook's host leads to at this moment: asked over HTTPS, since a Worker has no resolver of its own.
import { isPublicAddress } from '../domain/webhook-url.ts';
import { ADDRESS_TYPES, type AddressType, ResolverAnswer } from '../protocol/resolver.ts';

const RESOLVER = 'https://cloudflare-dns.com/dns-query';
const TIMEOUT_MS = 3000;
/** Why nothing is sent there, or null. Where one of several addresses is private, nothing is: which one is taken is not ours to say. */
export async function refusalOfHost(url: string): Promise<string | null> {
  const name = new URL(url).hostname;
  // An address in digits was judged with the URL.
  if (name.startsWith('[') || /^[\d.]+$/.test(name)) return null;
  let addresses: string[];
  try {
    addresses = (await Promise.all([resolve(name, 'A'), resolve(name, 'AAAA')])).flat();
  } catch (error) {
    return `could not be looked up: ${(error as Error).message}`;
  }
  if (addresses.length === 0) return 'has no address';
  return addresses.every(isPublicAddress) ? null : 'leads to an address that is not on the public internet';
}

/** None, where the name is not there or has no record of this type. */
async function resolve(name: string, type: AddressType): Promise<string[]> {
  const response = await fetch(`${RESOLVER}?${new URLSearchParams({ name, type })}`, {
    headers: { Accept: 'application/dns-json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the resolver answered ${response.status}`);
  const { Answer: records } = ResolverAnswer.parse(await response.json());
  return records.filter((record) => record.type === ADDRESS_TYPES[type]).map(({ data }) => data);
}
