// The whole node as a process: a real encoder comes by RTMP, and the node leaves nothing behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { ROOT } from '../../scripts/local/settings.ts';
import { startEncoder } from '../support/encoder.ts';
import { FakeOrigin } from '../support/fake-origin.ts';
import { decode, flawsOf } from '../support/live-session.ts';
import { sleep } from '../support/sleep.ts';

const SECRET = 'the-secret-of-this-test';
let origin: FakeOrigin;
let edgeUrl = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  origin = new FakeOrigin();
  edgeUrl = await origin.listen();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await origin.close();
});

interface Running {
  child: ChildProcess;
  said: { out: string; err: string };
  exited: Promise<number | null>;
  rtmpPort: number;
  controlPort: number;
}

async function startNode(env: Record<string, string> = {}): Promise<Running> {
  const [rtmpPort, controlPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(ROOT, 'transcoder/main.ts')], {
    env: {
      ...process.env,
      ...{ EDGE_URL: edgeUrl, NODE_SECRET: SECRET, PRESET: 'ultrafast', LISTEN_HOST: '127.0.0.1' },
      ...{ RTMP_PORT: String(rtmpPort), CONTROL_PORT: String(controlPort), ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes) => (said.out += bytes));
  child.stderr.on('data', (bytes) => (said.err += bytes));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until(() => said.out.includes('\n') || child.exitCode !== null, 15_000);
  return { child, said, exited, rtmpPort, controlPort };
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  for (const deadline = Date.now() + limitMs; !condition(); ) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

describe('a transcoder node', () => {
  it('says that it is ready, and at which ports', async () => {
    const { said, rtmpPort, controlPort } = await startNode();
    expect(said.out).toBe(`transcoder ready rtmp=${rtmpPort} control=${controlPort}\n`);
    const health = await fetch(`http://127.0.0.1:${controlPort}/healthz`);
    expect(await health.json()).toMatchObject({ status: 'ok', sessions: 0, edgeReachable: true });
    expect(origin.heartbeats[0]).toMatchObject({ draining: false, usedUnits: 0, sessions: [] });
  });

  it('takes an encoder in, publishes it, and says goodbye when the encoder does', async () => {
    const { rtmpPort } = await startNode();
    const encoder = startEncoder({ url: `rtmp://127.0.0.1:${rtmpPort}/live/good` });
    await until(() => origin.partsOf('360p').length >= 12, 15_000);
    await encoder.finish();
    await until(() => origin.goodbye !== null, 5000);
    expect(origin.authorization).toBe(`Bearer ${SECRET}`);
    expect(flawsOf(origin)).toEqual([]);
    expect(decode(origin, 1, '360p')).toMatchObject({ complaints: '', width: 640, height: 360, hasAudio: true });
    expect(origin.health.at(-1)).toMatchObject({
      protocol: 'rtmp',
      videoCodec: 'h264',
      audioCodec: 'aac',
      passthrough: true,
    });
    expect(origin.posters).toBeGreaterThan(0);
    // Capture clock: a part cannot have been captured after it arrived, nor long before.
    const first = origin.partsOf('360p')[0]!;
    expect(first.atMs - (first.programDateTimeMs ?? 0)).toBeGreaterThan(0);
    expect(first.atMs - (first.programDateTimeMs ?? 0)).toBeLessThan(4000);
  });

  it('lets nobody in with a wrong key', async () => {
    const { rtmpPort } = await startNode();
    const { code, words } = await startEncoder({ url: `rtmp://127.0.0.1:${rtmpPort}/live/bad` }).exited;
    expect(code).not.toBe(0);
    expect(words).toMatch(/stream key is not valid|BadName|error/i);
    expect(origin.frames).toEqual([]);
  });

  it('lets in no more than it can carry, and tells the others so', async () => {
    const { said, rtmpPort } = await startNode({ CAPACITY_UNITS: '0.2' });
    const url = `rtmp://127.0.0.1:${rtmpPort}/live/good`;
    const encoders = [0, 1, 2].map(() => startEncoder({ url, size: '320x180' }));
    await until(() => encoders.filter((encoder) => encoder.isRunning()).length === 1, 10_000);
    await until(() => origin.partsOf('180p').length >= 2, 10_000);
    const present = encoders.find((encoder) => encoder.isRunning());
    await present?.finish();
    await until(() => origin.goodbye !== null, 5000);
    for (const encoder of encoders.filter((one) => one !== present)) expect((await encoder.exited).code).not.toBe(0);
    expect(said.err.match(/no room for another broadcast/g)).toHaveLength(2);
    expect(said.err.match(/a broadcast begins/g)).toHaveLength(1);
  });

  it('lets its encoders go and flushes on SIGTERM, within five seconds', async () => {
    const { child, exited, rtmpPort } = await startNode();
    const encoder = startEncoder({ url: `rtmp://127.0.0.1:${rtmpPort}/live/good` });
    await until(() => origin.partsOf('360p').length >= 4, 15_000);
    const before = performance.now();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
    expect(origin.goodbye).toMatch(/shutting down/);
    expect(origin.heartbeats.at(-1)?.draining).toBe(true);
    await encoder.exited;
  });

  it('says in one sentence which port is taken, and leaves with code 1', async () => {
    const port = Number(new URL(edgeUrl).port);
    const { said, exited } = await startNode({ RTMP_PORT: String(port) });
    expect(await exited).toBe(1);
    expect(said).toMatchObject({
      out: '',
      err: expect.stringMatching(new RegExp(`Port ${port}, needed for RTMP, is taken.*RTMP_PORT`)),
    });
  });
});
