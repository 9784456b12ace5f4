// `npm run token [-- user]`: prints an access token of a seeded person, for trying the API in local mode.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { signAccessToken } from '../src/auth/access-token.ts';
import { castMember, LOCAL_CAST } from '../src/auth/local-cast.ts';
import { signingKey } from '../src/auth/signing-key.ts';

const LIFETIME_SECONDS = 12 * 60 * 60;
const VARS_FILE = resolve(import.meta.dirname, '..', process.env.FOOTLIGHT_VARS_FILE ?? '.dev.vars');

try {
  console.info(await mintToken(process.argv[2] ?? 'ada'));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function mintToken(handle: string): Promise<string> {
  const member = castMember(handle);
  if (!member) {
    throw new Error(
      `There is no seeded user "${handle}". Choose one of ${LOCAL_CAST.map((one) => one.handle).join(', ')}.`,
    );
  }
  if (!existsSync(VARS_FILE)) {
    throw new Error('There is no .dev.vars here, so there is no key to sign with. Run `npm start` once: it makes one.');
  }
  const vars = parseEnv(readFileSync(VARS_FILE, 'utf8'));
  if (vars.MODE !== 'local') {
    throw new Error('Tokens are minted here in local mode only, and .dev.vars does not say MODE=local.');
  }
  if (!vars.TOKEN_KEY || !vars.PUBLIC_URL) {
    throw new Error('TOKEN_KEY or PUBLIC_URL is missing in .dev.vars. Run `npm start` once: it writes both.');
  }
  return signAccessToken(await signingKey(vars.TOKEN_KEY), {
    base: vars.PUBLIC_URL.replace(/\/+$/, ''),
    userId: member.id,
    clientId: 'footlight-cli',
    nowSeconds: Math.floor(Date.now() / 1000),
    lifetimeSeconds: LIFETIME_SECONDS,
  });
}
