// A good token of a seeded person and one that has expired, signed with the key of a local product.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { signAccessToken } from '../../../src/auth/access-token.ts';
import { castMember } from '../../../src/auth/local-cast.ts';
import { signingKey } from '../../../src/auth/signing-key.ts';

export async function abuseTokens(varsFile: string, base: string): Promise<{ token: string; expiredToken: string }> {
  const key = await signingKey(parseEnv(readFileSync(varsFile, 'utf8')).TOKEN_KEY);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const sign = (issuedAtSeconds: number): Promise<string> =>
    signAccessToken(key, {
      base,
      userId: castMember('ada')!.id,
      clientId: 'footlight-cli',
      nowSeconds: issuedAtSeconds,
      lifetimeSeconds: 3600,
    });
  return { token: await sign(nowSeconds), expiredToken: await sign(nowSeconds - 7200) };
}
