// What a started product tells: the pages and details for a person, and the same as JSON for programs.
import type { Seeded } from './seed.ts';
import type { Settings } from './settings.ts';

export interface LocalDetails {
  base: string;
  demo?: { watchUrl: string; playbackUrl: string };
  channel: {
    studioUrl: string;
    watchUrl: string;
    playbackUrl: string;
    rtmpUrl: string;
    streamKey: string;
    whipUrl: string;
    whipToken: string;
  };
}

export function localDetails({ base, rtmpUrl }: Settings, { demo, free }: Seeded, isDemo: boolean): LocalDetails {
  const pages = (id: string) => ({ watchUrl: `${base}/watch/${id}`, playbackUrl: `${base}/live/${id}/index.m3u8` });
  return {
    base,
    ...(isDemo ? { demo: pages(demo.id) } : {}),
    channel: {
      studioUrl: `${base}/studio/${free.id}`,
      ...pages(free.id),
      rtmpUrl,
      streamKey: free.streamKey,
      whipUrl: `${base}/whip`,
      whipToken: free.streamKey,
    },
  };
}
