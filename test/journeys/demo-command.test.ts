// `npm run demo`: ready within a minute, true details, a page that plays, and nothing left behind.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { type Product, startProduct } from '../../scripts/local/product.ts';
import { descendants } from '../support/halves.ts';
import { fetchText } from '../support/live-reader.ts';
import { watch } from '../support/watching.ts';

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5000;

const stateDir = mkdtempSync(join(tmpdir(), 'footlight-demo-'));
let browser: Browser;
let product: Product;

beforeAll(async () => {
  browser = await startChromium();
  product = await startProduct({ demo: true, stateDir });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

describe('the demo', () => {
  it('is ready within a minute', () => {
    expect(product.readyMs).toBeLessThan(READY_LIMIT_MS);
  });

  it('writes down everything that a person or a program needs', () => {
    const { base, demo, channel } = product.details;
    expect(base).toBe(`http://127.0.0.1:${product.ports.port}`);
    expect(demo?.watchUrl).toMatch(new RegExp(`^${base}/watch/ch_[a-z0-9]+$`));
    expect(demo?.playbackUrl).toMatch(new RegExp(`^${base}/live/ch_[a-z0-9]+/index\\.m3u8$`));
    expect(channel.studioUrl).toMatch(new RegExp(`^${base}/studio/ch_[a-z0-9]+$`));
    expect(channel.rtmpUrl).toBe(`rtmp://127.0.0.1:${product.ports.rtmpPort}/live`);
    expect(channel.whipUrl).toBe(`${base}/whip`);
    expect(channel.whipToken).toBe(channel.streamKey);
    expect(channel.watchUrl).not.toBe(demo?.watchUrl);
    const { playbackUrl: _forPrograms, ...forPeople } = channel;
    for (const value of [demo?.watchUrl, ...Object.values(forPeople)]) expect(product.output()).toContain(value);
  });

  it('keeps what is secret to its owner', () => {
    for (const name of ['local.json', 'dev.vars', 'channels.json', 'identity-provider.json'])
      expect(statSync(join(stateDir, name)).mode & 0o077).toBe(0);
  });

  it('plays in a browser', async () => {
    const viewer = await watch(browser, product.details.demo?.watchUrl ?? '');
    await viewer.sees(60, 15_000);
    await viewer.close();
  });

  it('has a studio page and a home page', async () => {
    for (const url of [product.details.base, product.details.channel.studioUrl]) {
      expect(await fetchText(url)).toMatchObject({ status: 200, text: expect.stringContaining('<script') });
    }
  });

  it('stops on ctrl-C within five seconds: no process is left and the ports are free', async () => {
    const children = descendants(product.pid, /./);
    expect(children.length).toBeGreaterThan(3);
    const { ms, code } = await product.stop('SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_LIMIT_MS);
    expect(children.filter(isAlive)).toEqual([]);
    for (const port of Object.values(product.ports)) await expect(canListen(port)).resolves.toBe(true);
  });

  it('comes back with the same channels and keys', async () => {
    const before = product.details;
    product = await startProduct({ demo: true, stateDir, ports: product.ports });
    expect(product.details).toEqual(before);
    expect(JSON.parse(readFileSync(join(stateDir, 'local.json'), 'utf8'))).toEqual(before);
  });

  it('leaves nothing behind when its terminal is closed', async () => {
    const children = descendants(product.pid, /./);
    const { ms, code } = await product.hangUp();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_LIMIT_MS);
    expect(children.filter(isAlive)).toEqual([]);
    product = await startProduct({ demo: true, stateDir, ports: product.ports });
  });

  it('ends as a whole, and says why, when a part of it dies', async () => {
    const [transcoder] = descendants(product.pid, /transcoder\/main\.ts/);
    const children = descendants(product.pid, /./);
    process.kill(transcoder!, 'SIGKILL');
    expect(await product.exited).toBe(1);
    expect(product.output()).toContain('The transcoder was ended by SIGKILL');
    expect(children.filter(isAlive)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and waits to be reaped is no process any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
