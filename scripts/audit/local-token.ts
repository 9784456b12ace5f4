// An access token of a seeded person, made by `npm run token` itself.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Settings } from '../local/settings.ts';

export function accessTokenOf({ root, varsFile }: Settings, handle: string): string {
  const env = { ...process.env, FOOTLIGHT_VARS_FILE: varsFile };
  return execFileSync(process.execPath, [join(root, 'scripts/token.ts'), handle], { env, encoding: 'utf8' }).trim();
}
