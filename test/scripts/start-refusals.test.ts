// What keeps the product from starting is answered by one plain sentence, before anything is started.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { checkNode } from '../../scripts/local/checks.ts';
import { freePorts, type Ports, runStartScript } from '../../scripts/local/product.ts';
import { readSettings } from '../../scripts/local/settings.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'footlight-refusal-'));
const listeners: Server[] = [];
const occupy = (port: number): Promise<void> =>
  new Promise((resolve) => listeners.push(createServer().listen(port, '127.0.0.1', () => resolve())));

afterEach(() => listeners.splice(0).map((server) => server.close()));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

async function start(ports: Ports, env: NodeJS.ProcessEnv = {}) {
  const { exited, output } = runStartScript({ demo: false, ports, stateDir, env });
  return { code: await exited, output: output() };
}

describe('starting the product', () => {
  it.each(['port', 'rtmpPort', 'controlPort', 'oidcPort'] as const)(
    'names the taken %s and what to do',
    async (which) => {
      const ports = await freePorts();
      await occupy(ports[which]);
      const { code, output } = await start(ports);
      expect(code).toBe(1);
      expect(output).toMatch(
        new RegExp(`Port ${ports[which]}, .* is taken by another program: stop that program, or .*FOOTLIGHT_`),
      );
      expect(output).not.toMatch(/\n\s+at /);
      expect(readdirSync(stateDir)).toEqual([]);
    },
  );

  it('says that the named ffmpeg does not run, and how to get one', async () => {
    const { code, output } = await start(await freePorts(), { FOOTLIGHT_FFMPEG: '/nowhere/ffmpeg' });
    expect(code).toBe(1);
    expect(output).toMatch(/FOOTLIGHT_FFMPEG.*Install ffmpeg/);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('asks for npm where the Node is too old', () => {
    expect(() => checkNode('20.20.2')).toThrow(/This is Node 20.20.2, .* "npm run demo"/);
    expect(() => checkNode('24.1.0')).not.toThrow();
  });

  it('says which port setting is no port', () => {
    expect(() => readSettings({ FOOTLIGHT_PORT: 'http' })).toThrow(/FOOTLIGHT_PORT is "http", which is not a port/);
  });
});
