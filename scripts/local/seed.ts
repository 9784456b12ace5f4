// Ada's two channels, made through the public API like anybody's: one for the test broadcast, one that is free.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel, CreatedStream, RotatedStreamKey } from '../../src/protocol/api.ts';
import type { Settings } from './settings.ts';

const REQUEST_LIMIT_MS = 10_000;

export interface SeededChannel {
  id: string;
  streamKey: string;
}
export interface Seeded {
  demo: SeededChannel;
  free: SeededChannel;
}

/** The same channels and keys as at the last start, as long as the database still knows them; each has an open stream. */
export async function seedChannels({ base, stateDir }: Settings): Promise<Seeded> {
  const file = join(stateDir, 'channels.json');
  const known: Partial<Seeded> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const ask = await signIn(base, 'ada');
  const seeded = {
    demo: await ensureChannel(ask, known.demo, 'Footlight test broadcast'),
    free: await ensureChannel(ask, known.free, "Ada's stage"),
  };
  writeFileSync(file, JSON.stringify(seeded, null, 2), { mode: 0o600 });
  return seeded;
}

type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Response>;

async function signIn(base: string, user: string): Promise<Ask> {
  const headers: Record<string, string> = { origin: base, 'content-type': 'application/json' };
  const ask: Ask = (method, path, body) =>
    fetch(`${base}${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
  const answer = await ask('POST', '/api/v1/session', { user });
  await read(answer);
  headers.cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return ask;
}

async function ensureChannel(ask: Ask, known: SeededChannel | undefined, title: string): Promise<SeededChannel> {
  const found = known && (await ask('GET', `/api/v1/channels/${known.id}`));
  if (!known || !found?.ok) return openChannel(ask, title);
  const channel = await read<Channel>(found);
  const isOpen = channel.currentStream !== null && channel.currentStream.state !== 'ended';
  if (!isOpen) await read(await ask('POST', '/api/v1/streams', { title, channelId: known.id }));
  if (channel.streamKeyHint === known.streamKey.slice(-4)) return known;
  // Somebody rotated the key meanwhile; only its hash is kept, so a new one is made.
  const rotated = await read<RotatedStreamKey>(await ask('POST', `/api/v1/channels/${known.id}/stream-key`, {}));
  return { id: known.id, streamKey: rotated.streamKey };
}

async function openChannel(ask: Ask, title: string): Promise<SeededChannel> {
  const stream = await read<CreatedStream>(await ask('POST', '/api/v1/streams', { title }));
  if (!stream.streamKey) throw new Error('A new channel came without its stream key.');
  return { id: stream.channelId, streamKey: stream.streamKey };
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : {}) as T;
}
