// Good tokens of the seeded people but ben, who is among the good, and one that has expired, signed with the key of a local product.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { signAccessToken } from '../../../src/auth/access-token.ts';
import { LOCAL_CAST } from '../../../src/auth/local-cast.ts';
import { signingKey } from '../../../src/auth/signing-key.ts';
import type { UserId } from '../../../src/protocol/ids.ts';

export async function abuseTokens(varsFile: string, base: string): Promise<{ tokens: string[]; expiredToken: string }> {
  const key = await signingKey(parseEnv(readFileSync(varsFile, 'utf8')).TOKEN_KEY);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const sign = (userId: UserId, issuedAtSeconds: number): Promise<string> =>
    signAccessToken(key, {
      base,
      userId,
      clientId: 'footlight-cli',
      nowSeconds: issuedAtSeconds,
      lifetimeSeconds: 3600,
    });
  const senders = LOCAL_CAST.filter(({ handle }) => handle !== 'ben').map(({ id }) => id);
  return {
    tokens: await Promise.all(senders.map((id) => sign(id, nowSeconds))),
    expiredToken: await sign(senders[0]!, nowSeconds - 7200),
  };
}
