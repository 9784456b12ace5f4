// The player without its looks: opens the stream, rebuilds what breaks, keeps pace and quality, and says how it stands.
import { signal } from '@preact/signals';
import type { StreamState } from '../../protocol/api.ts';
import { type AutoplayOutcome, autoplay } from './autoplay.ts';
import { freezeFrame, thaw } from './freeze-frame.ts';
import { canPlayWithHls, openHlsSession, type PlayerSession } from './hls-session.ts';
import { openNativeSession } from './native-session.ts';
import { bufferedAhead, keepPace } from './pace-keeper.ts';
import { withPass } from './pass-url.ts';
import { watchPicture } from './picture-watch.ts';
import { readPreferences, savePreferences } from './preferences.ts';
import { levelFor, type QualityChoice, type QualityLevel } from './quality.ts';
import { isStuck, mayHaveMedia, rebuildDelayMs } from './rebuild-plan.ts';

export interface PlayerEngine extends ReturnType<typeof createEngine> {}

/** Takes over `video`; `still` is shown in its place while nothing plays; `pass` is asked for at every request. Ends with `destroy`. */
export function createEngine(video: HTMLVideoElement, still: HTMLCanvasElement, pass: () => string | null) {
  const preferences = readPreferences();
  const levels = signal<QualityLevel[]>([]);
  const audioUrl = signal<string | null>(null);
  const playingLevel = signal(-1);
  const quality = signal<QualityChoice>(preferences.quality);
  const autoplayed = signal<AutoplayOutcome | null>(null);
  const picture = signal({ hasPicture: false, isMoving: false });
  const stalls = signal(0);

  let url = '';
  let session: PlayerSession | null = null;
  let state: StreamState | null = null;
  let attempts = 0;
  let builtAtMs = 0;
  let rebuildTimer: ReturnType<typeof setTimeout> | null = null;

  video.volume = preferences.volume;
  const pace = keepPace({
    video,
    holdBackSeconds: () => session?.targetSeconds() ?? null,
    onStall: () => {
      // Standing still because the source is away is not the viewer's line stalling.
      if (state === 'live' || state === null) stalls.value += 1;
    },
  });
  const watch = watchPicture(video, (facts) => {
    if (facts.hasPicture && facts.isMoving) {
      attempts = 0;
      thaw(still);
    }
    const before = picture.peek();
    if (before.hasPicture !== facts.hasPicture || before.isMoving !== facts.isMoving) picture.value = facts;
  });

  const build = () => {
    rebuildTimer = null;
    builtAtMs = performance.now();
    freezeFrame(video, still);
    session?.destroy();
    pace.reset();
    const source = quality.peek().kind === 'audio' && audioUrl.peek() !== null ? audioUrl.peek() : url;
    const events = {
      onLadder(found: QualityLevel[]) {
        // The ladder of the rendition without a picture is that rendition alone: keep the menu that led there.
        if (source !== url) return;
        levels.value = found;
        applyQuality();
      },
      onSoundAlone(found: string | null) {
        if (source !== url) return;
        audioUrl.value = found;
        // Chosen before it was known where it is; hls.js is in the middle of saying so.
        if (found !== null && quality.peek().kind === 'audio') rebuildTimer ??= setTimeout(build, 0);
      },
      onEdge: pace.noteEdge,
      onLevel: (index: number) => {
        playingLevel.value = index;
      },
      onFatal: () => rebuildLater(),
    };
    session = canPlayWithHls()
      ? openHlsSession(video, source ?? url, events, { bandwidthEstimate: preferences.bandwidthEstimate, pass })
      : openNativeSession(video, withPass(source ?? url, pass()), events);
    // With the picture that the page began with, nothing is torn down.
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) thaw(still);
    if (autoplayed.peek() === null) {
      void autoplay(video, !preferences.isMuted).then((outcome) => {
        autoplayed.value = outcome;
      });
    } else if (autoplayed.peek() !== 'tap') {
      void video.play().catch(() => undefined);
    }
  };

  const rebuildLater = () => {
    if (rebuildTimer !== null) return;
    freezeFrame(video, still);
    session?.destroy();
    session = null;
    if (!mayHaveMedia(state)) return;
    rebuildTimer = setTimeout(build, rebuildDelayMs(attempts, Math.random()));
    attempts += 1;
  };

  const applyQuality = () => session?.lock(levelFor(quality.peek(), levels.peek()));

  const guard = setInterval(() => {
    const sinceBuildMs = performance.now() - builtAtMs;
    if (
      rebuildTimer === null &&
      isStuck({ state, stillForMs: watch.stillForMs(), sinceBuildMs, isPaused: isPausedByViewer(video) })
    ) {
      rebuildLater();
    }
    const bandwidthEstimate = session?.hls?.bandwidthEstimate;
    if (bandwidthEstimate && Number.isFinite(bandwidthEstimate))
      savePreferences({ bandwidthEstimate: Math.round(bandwidthEstimate) });
  }, 2_000);

  const rememberVolume = () => {
    if (autoplayed.peek() === 'muted' && video.muted) return;
    if (!video.muted && autoplayed.peek() === 'muted') autoplayed.value = 'sound';
    savePreferences({ volume: video.volume, isMuted: video.muted });
  };
  video.addEventListener('volumechange', rememberVolume);

  return {
    levels,
    audioUrl,
    playingLevel,
    quality,
    autoplayed,
    picture,
    stalls,
    video,
    hls: () => session?.hls ?? null,
    latencySeconds: pace.latencySeconds,
    targetSeconds: pace.targetSeconds,
    isFollowing: pace.isFollowing,
    bufferedSeconds: () => bufferedAhead(video),
    /** Capture time of the frame on the screen, Unix ms; null while unknown. */
    playingDateMs: () => session?.hls?.playingDate?.getTime() ?? nativeDateMs(video),

    /** Opens `source`; a stream that already plays from it is left alone. */
    open(source: string) {
      if (source === url) return;
      url = source;
      attempts = 0;
      if (rebuildTimer !== null) clearTimeout(rebuildTimer);
      build();
      watch.reset();
    },
    /** A new stream stands behind the same address. */
    reopen() {
      attempts = 0;
      if (rebuildTimer !== null) clearTimeout(rebuildTimer);
      build();
      watch.reset();
    },
    /** What the edge says; media is asked for only while there may be some. */
    setState(next: StreamState | null) {
      const before = state;
      state = next;
      if (!mayHaveMedia(next)) return;
      if (session === null && rebuildTimer === null && url !== '') {
        if (before !== next) attempts = 0;
        rebuildLater();
      }
    },
    setQuality(choice: QualityChoice) {
      const wasAudio = quality.peek().kind === 'audio';
      quality.value = choice;
      savePreferences({ quality: choice });
      if (wasAudio || choice.kind === 'audio') build();
      else applyQuality();
    },
    goLive() {
      pace.goLive();
      void video.play().catch(() => undefined);
    },
    /** From a tap: sound is allowed now. */
    unmute() {
      video.muted = false;
      if (video.volume === 0) video.volume = 1;
      autoplayed.value = 'sound';
      void video.play().catch(() => undefined);
    },
    destroy() {
      clearInterval(guard);
      if (rebuildTimer !== null) clearTimeout(rebuildTimer);
      video.removeEventListener('volumechange', rememberVolume);
      watch.stop();
      pace.stop();
      session?.destroy();
      session = null;
    },
  };
}

/** A video that has nothing to show is paused too, but nobody asked for that. */
const isPausedByViewer = ({ paused, ended, readyState }: HTMLVideoElement): boolean =>
  paused && !ended && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;

/** Safari's own player knows the date of its timeline's start. */
function nativeDateMs(video: HTMLVideoElement & { getStartDate?: () => Date }): number | null {
  const startMs = video.getStartDate?.().getTime();
  return startMs === undefined || Number.isNaN(startMs) ? null : startMs + video.currentTime * 1000;
}
