// The words of a resolver that is asked over HTTPS: the JSON of 1.1.1.1, as far as we read it.
import { z } from 'zod';

/** RFC 1035 section 3.2.2 and RFC 3596: the types of a record that holds an address. */
export const ADDRESS_TYPES = { A: 1, AAAA: 28 } as const;
export type AddressType = keyof typeof ADDRESS_TYPES;

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/; no `Answer`: there is none. */
export const ResolverAnswer = z.object({
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).default([]),
});
