// By which network and device a request comes, as keyed hashes: equal for equal ones, and nothing can be read from them without WRAPPING_KEY.
import { deviceOf, newDevice } from '../../auth/device-cookie.ts';
import { deriveSecret } from '../../auth/wrapping-key.ts';
import { householdOf } from '../../protocol/network.ts';
import { type AppContext, baseUrl, remoteAddress } from '../context.ts';

/** None for an app of somebody else: it comes from a server that stands for everybody who uses it. */
export async function tagsOf(c: AppContext): Promise<string[]> {
  const principal = c.get('principal');
  if (!principal || principal.appId !== null) return [];
  const places = {
    network: householdOf(remoteAddress(c)),
    device: principal.sessionId === null ? null : (c.get('device') ?? deviceOf(c.req.raw.headers, baseUrl(c))),
  };
  const tags = Object.entries(places).map(
    ([kind, from]) => from && deriveSecret(c.env.WRAPPING_KEY, { purpose: `sighting by ${kind}, version 1`, from }),
  );
  return (await Promise.all(tags)).filter((tag) => tag !== null);
}

/** A browser that is signed in and has no word of its own yet gets one with this answer. */
export function giveDevice(c: AppContext): void {
  if (!c.get('principal')?.sessionId || deviceOf(c.req.raw.headers, baseUrl(c))) return;
  const { word, setCookie } = newDevice(baseUrl(c), crypto.getRandomValues(new Uint8Array(18)));
  c.set('device', word);
  c.header('Set-Cookie', setCookie, { append: true });
}
