import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'footlight-token-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const tokenKey = JSON.stringify(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
);

const run = (vars: string | null, ...args: string[]) => {
  const file = join(directory, `${Math.random()}.vars`);
  if (vars !== null) writeFileSync(file, vars);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/token.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, FOOTLIGHT_VARS_FILE: file },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

const GOOD = `MODE='local'\nPUBLIC_URL='http://127.0.0.1:8787'\nTOKEN_KEY='${tokenKey}'\n`;

describe('npm run token', () => {
  it('prints a token for the broadcaster, and nothing else', () => {
    const { status, stdout } = run(GOOD);
    expect(status).toBe(0);
    expect(decodeProtectedHeader(stdout)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const { iat, exp, ...claims } = decodeJwt(stdout);
    expect(claims).toMatchObject({ sub: 'us_ada0', iss: 'http://127.0.0.1:8787', aud: 'http://127.0.0.1:8787/api' });
    expect(exp! - iat!).toBe(12 * 60 * 60);
  });

  it('prints one for another seeded person', () => {
    expect(decodeJwt(run(GOOD, 'root').stdout).sub).toBe('us_root0');
  });

  it.each([
    ['there is no key', null, [], 'Run `npm start` once'],
    ['the mode is not local', GOOD.replace("'local'", "'production'"), [], 'local mode only'],
    ['the key is missing', "MODE=local\nPUBLIC_URL='http://x.test'\n", [], 'TOKEN_KEY'],
    ['the key is broken', "MODE=local\nPUBLIC_URL='http://x.test'\nTOKEN_KEY='{}'\n", [], 'private P-256 JWK'],
    ['nobody has that name', GOOD, ['eve'], 'ada, ben, cleo, mod, root'],
  ])('refuses with a plain sentence when %s', (_when, vars, args, said) => {
    const { status, stdout, stderr } = run(vars, ...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });
});
