// Does a change come from our own pages? Asked wherever a cookie speaks for somebody.
import { FootlightError } from '../protocol/errors.ts';

/**
 * A browser sends cookies along with requests of other sites' pages; SameSite=Lax stops most of them and this the rest.
 * `whenUnknown`: what to do with a sender that names no origin, which no browser does on an unsafe method.
 */
export function requireSameOrigin(
  { request, base }: { request: Request; base: string },
  { whenUnknown }: { whenUnknown: 'refuse' | 'allow' },
): void {
  const site = request.headers.get('Sec-Fetch-Site');
  const origin = request.headers.get('Origin');
  if (origin !== null && [new URL(base).origin, new URL(request.url).origin].includes(origin)) return;
  if (origin === null && site === 'same-origin') return;
  if (origin === null && site === null && whenUnknown === 'allow') return;
  throw new FootlightError(
    'forbidden',
    `The request came from ${origin ?? 'an unnamed place'} and not from our own pages. Use an access token from elsewhere.`,
  );
}
