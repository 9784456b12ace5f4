// `npm run audit:verify [-- --base https://live.example.com]`: is the audit log as it was written? Exit code 1: it is not; 2: it cannot be told.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ChainHead } from '../src/domain/audit/chain.ts';
import { accessTokenOf } from './audit/local-token.ts';
import { verifyAuditLog } from './audit/verify.ts';
import { readSettings } from './local/settings.ts';

const settings = readSettings(process.env);
const { values } = parseArgs({ options: { base: { type: 'string', default: settings.base } } });
const base = values.base.replace(/\/+$/, '');
// Kept beside the database and not in it: rows that are cut off at the end are missed by this alone.
const headFile = join(settings.stateDir, `audit-head-${new URL(base).host.replace(/[^a-z0-9.-]/gi, '-')}.json`);

try {
  const { findings, rows, blanked, head } = await verifyAuditLog({ base, token: accessToken(), known: readHead() });
  for (const { detail } of findings) console.error(detail);
  if (findings.length > 0 && findings.every(({ kind }) => kind === 'pending')) {
    console.error(`\nThe audit log of ${base} is whole as far as it can be told: a signature is still on its way.`);
    process.exitCode = 2;
  } else if (findings.length > 0) {
    console.error(`\nThe audit log of ${base} was tampered with: ${findings.length} findings in ${rows} rows.`);
    process.exitCode = 1;
  } else {
    mkdirSync(settings.stateDir, { recursive: true });
    writeFileSync(headFile, JSON.stringify(head));
    const erased = blanked > 0 ? `, the details of ${blanked} blanked by erasures` : '';
    console.info(`The audit log of ${base} is whole: ${rows} rows${erased}. Its head is ${head.hash}.`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

/** FOOTLIGHT_TOKEN of an admin; in local mode Root's is made. */
function accessToken(): string {
  if (process.env.FOOTLIGHT_TOKEN) return process.env.FOOTLIGHT_TOKEN;
  if (base !== settings.base) throw new Error('Set FOOTLIGHT_TOKEN to an access token of an admin.');
  return accessTokenOf(settings, 'root');
}

function readHead(): ChainHead | null {
  return existsSync(headFile) ? JSON.parse(readFileSync(headFile, 'utf8')) : null;
}
