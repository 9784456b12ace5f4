// Ada's two channels, made through the public API like anybody's: one for the test broadcast, one that is free.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel, CreatedStream, RotatedStreamKey } from '../../src/protocol/api.ts';
import { type Ask, readJson, signIn } from './api.ts';
import type { Settings } from './settings.ts';

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

async function ensureChannel(ask: Ask, known: SeededChannel | undefined, title: string): Promise<SeededChannel> {
  const found = known && (await ask('GET', `/api/v1/channels/${known.id}`));
  if (!known || !found?.ok) return openChannel(ask, title);
  const channel = await readJson<Channel>(found);
  const isOpen = channel.currentStream !== null && channel.currentStream.state !== 'ended';
  if (!isOpen) await readJson(await ask('POST', '/api/v1/streams', { title, channelId: known.id }));
  if (channel.streamKeyHint === known.streamKey.slice(-4)) return known;
  // Somebody rotated the key meanwhile; only its hash is kept, so a new one is made.
  const rotated = await readJson<RotatedStreamKey>(await ask('POST', `/api/v1/channels/${known.id}/stream-key`, {}));
  return { id: known.id, streamKey: rotated.streamKey };
}

async function openChannel(ask: Ask, title: string): Promise<SeededChannel> {
  const stream = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', { title }));
  if (!stream.streamKey) throw new Error('A new channel came without its stream key.');
  return { id: stream.channelId, streamKey: stream.streamKey };
}
