// Opens a stream of its own for a test, on a channel of its own, and ends it afterwards.

import { type Ask, readJson, signIn } from '../../scripts/local/api.ts';
import type { LocalDetails } from '../../scripts/local/report.ts';
import type { CreatedStream, CreateStream, Stream } from '../../src/protocol/api.ts';

export interface TestStream extends Omit<CreatedStream, 'state'> {
  /** Where ffmpeg sends, key included. */
  rtmpTarget: string;
  key: string;
  state(): Promise<Stream['state']>;
  end(): Promise<Response>;
  ask: Ask;
}

export async function openStream(
  { base, channel }: Pick<LocalDetails, 'base' | 'channel'>,
  settings: Partial<CreateStream> = {},
): Promise<TestStream> {
  const ask = await signIn(base, 'ada');
  const body = { title: 'A journey', ...settings };
  const created = await readJson<CreatedStream>(await ask('POST', '/api/v1/streams', body));
  const key = created.streamKey ?? '';
  return {
    ...created,
    key,
    rtmpTarget: `${channel.rtmpUrl}/${key}`,
    state: async () => (await readJson<Stream>(await ask('GET', `/api/v1/streams/${created.id}`))).state,
    end: () => ask('DELETE', `/api/v1/streams/${created.id}`),
    ask,
  };
}

export async function until(what: string, limitMs: number, isSo: () => Promise<boolean> | boolean): Promise<number> {
  const started = Date.now();
  while (!(await isSo())) {
    if (Date.now() - started > limitMs) throw new Error(`Not within ${limitMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Date.now() - started;
}
