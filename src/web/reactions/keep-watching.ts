// Says that this page plays, under a tag that it draws for itself and keeps nowhere.
import { PASS_PARAMETER, watchingPath } from '../../protocol/paths.ts';
import { NOT_WATCHING, type Say, watchSecond } from './watching-plan.ts';

const EVERY_MS = 1000;

interface Watched {
  video: HTMLVideoElement;
  streamId: string;
  pass(): string | null;
}

/** Windows of one browser that play the same stream share a tag: they are one viewer. */
type Word = { streamId: string; kind: 'who' | 'left' } | { streamId: string; kind: 'tag'; tag: string };

export function keepWatching({ video, streamId, pass }: Watched): { stop(): void } {
  let tag = newTag();
  let watching = NOT_WATCHING;
  let lastTime = video.currentTime;
  const others = new BroadcastChannel('footlight-watching');

  const say = (said: Say) => {
    if (said === null) return;
    const query = new URLSearchParams({ viewer: tag, played: String(said.kind === 'beat' ? said.playedSeconds : 0) });
    const current = pass();
    if (current !== null) query.set(PASS_PARAMETER, current);
    if (said.kind === 'left') {
      query.set('left', '1');
      others.postMessage({ streamId, kind: 'left' } satisfies Word);
    }
    // It outlives the page, and nobody waits for its answer.
    navigator.sendBeacon(`${watchingPath(streamId)}?${query}`);
  };
  const look = () => {
    const isPlaying = !video.paused && video.readyState >= 2 && video.currentTime !== lastTime;
    lastTime = video.currentTime;
    const isShown = !document.hidden || document.pictureInPictureElement === video;
    const next = watchSecond(watching, { isPlaying, isShown, nowMs: Date.now(), random: Math.random() });
    watching = next.watching;
    say(next.say);
  };
  const leave = () => {
    if (watching.isCounted) say({ kind: 'left' });
    watching = NOT_WATCHING;
  };
  others.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.streamId !== streamId) return;
    if (data.kind === 'who' && watching.isCounted) others.postMessage({ streamId, kind: 'tag', tag } satisfies Word);
    if (data.kind === 'tag' && !watching.isCounted) tag = data.tag;
    // The tag has been taken out of the count with the other window.
    if (data.kind === 'left' && watching.isCounted) watching = { ...watching, nextBeatAtMs: 0 };
  };
  others.postMessage({ streamId, kind: 'who' } satisfies Word);
  const timer = setInterval(look, EVERY_MS);
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', leave);

  return {
    stop() {
      leave();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('pagehide', leave);
      others.close();
    },
  };
}

const newTag = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
