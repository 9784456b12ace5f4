// Link headers that hand an encoder its STUN and TURN servers (WHIP rows 7 and 16).
import { z } from 'zod';

/** OBS splits a Link header at every comma and semicolon, and knows `stun:` and `turn:` only. */
const word = z.string().regex(/^[^,;"<>\s]+$/);
const IceServers = z.array(
  z.object({
    urls: word.regex(/^(stun|turn):/),
    username: word.optional(),
    credential: word.optional(),
  }),
);

/** One value per server, from the ICE_SERVERS variable (JSON); empty when it is not set. */
export function iceServerLinks(configured: string | undefined): string[] {
  if (!configured) return [];
  const servers = IceServers.safeParse(parseJson(configured));
  if (!servers.success) {
    console.error(
      'ICE_SERVERS is set but cannot be used, so encoders get no ICE servers:',
      z.prettifyError(servers.error),
    );
    return [];
  }
  return servers.data.map(({ urls, username, credential }) => {
    const login =
      username && credential ? `; username="${username}"; credential="${credential}"; credential-type="password"` : '';
    return `<${urls}>; rel="ice-server"${login}`;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
