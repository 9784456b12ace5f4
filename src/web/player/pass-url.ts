// The viewing pass in addresses: put in on the way out, taken out of what comes back. Pure.
import { PASS_PARAMETER } from '../../protocol/paths.ts';

/** The address with this pass in place of any it carries. */
export function withPass(url: string, pass: string | null): string {
  if (pass === null) return url;
  const [bare = '', fragment] = url.split('#');
  const kept = withoutPass(bare);
  const carrying = `${kept}${kept.includes('?') ? '&' : '?'}${PASS_PARAMETER}=${encodeURIComponent(pass)}`;
  return fragment === undefined ? carrying : `${carrying}#${fragment}`;
}

const CARRIED = new RegExp(`([?&])${PASS_PARAMETER}=[^&"#\\s]*(&?)`, 'g');

/** Of an address, or of every address in a playlist. */
export const withoutPass = (text: string): string =>
  text.replace(CARRIED, (_, before: string, after: string) => (after === '' ? '' : before));
