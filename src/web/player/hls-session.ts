// One run of hls.js on one source, from load to destroy; it never rebuilds itself, it tells its owner.
import type { HlsConfig } from 'hls.js';
import Hls from 'hls.js/light';
import { startDistance } from '../read-ahead/beginning.ts';
import { goOnWith, markBuffered } from './begun-buffer.ts';
import { hlsConfig } from './hls-config.ts';
import { mendParts, mendReports } from './hls-mends.ts';
import { keptLoader } from './kept-loader.ts';
import { passLoader, sendPass } from './pass-loader.ts';
import type { QualityLevel } from './quality.ts';
import { attach } from './stage.ts';

const GONE = 410;

export interface SessionEvents {
  /** The ladder is known. */
  onLadder(levels: QualityLevel[]): void;
  /** After that: the rendition without a picture, which hls.js takes out of the ladder; null: there is none. */
  onSoundAlone(url: string | null): void;
  /** A playlist grew. */
  onEdge(edgeSeconds: number, continuity: number): void;
  onLevel(index: number): void;
  /** hls.js has given up; `status` is that of the last answer, 0 if there was none. */
  onFatal(status: number): void;
}

export interface PlayerSession {
  /** null where the browser's own player is at work. */
  readonly hls: Hls | null;
  /** PART-HOLD-BACK, or HOLD-BACK without parts; null before the first playlist. */
  targetSeconds(): number | null;
  /** -1 lets hls.js choose. */
  lock(index: number): void;
  destroy(): void;
}

export const canPlayWithHls = (): boolean => Hls.isSupported();

/** What was read ahead was read without a pass: it is of use where none is needed. */
function loading(pass: () => string | null): Partial<HlsConfig> {
  const usual = Hls.DefaultConfig.loader;
  if (pass() !== null) return { loader: passLoader(usual), xhrSetup: sendPass(pass) };
  const ahead = window.footlightReadAhead;
  return ahead ? { loader: keptLoader(usual, ahead) } : {};
}

export function openHlsSession(
  video: HTMLVideoElement,
  url: string,
  events: SessionEvents,
  { bandwidthEstimate, pass }: { bandwidthEstimate: number | null; pass(): string | null },
): PlayerSession {
  const hls = new Hls({ ...hlsConfig({ bandwidthEstimate }), ...loading(pass) });
  let hasStarted = false;
  let begunUrls: readonly string[] = [];
  /** The picture of the page is gone on with by a part of ours; a quality that is chosen before waits for that. */
  let isGoneOn = false;
  let lockLater: number | null = null;

  // hls.js has said MANIFEST_PARSED by then: it hears this event before we do.
  hls.on(Hls.Events.MANIFEST_LOADED, (_event, { levels }) => {
    const hasPicture = levels.some(({ videoCodec }) => videoCodec);
    events.onSoundAlone((hasPicture && levels.find(({ videoCodec, width }) => !videoCodec && !width)?.url) || null);
  });
  hls.on(Hls.Events.MANIFEST_PARSED, (_event, { levels }) => {
    // The picture of the page is of the first rendition listed: another one would begin it anew, elsewhere.
    if (handOver) hls.startLevel = hls.firstLevel;
    events.onLadder(levels.map(({ height, width, bitrate }) => ({ height, width, bitrate })));
  });
  hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
    if (!hasStarted) {
      // hls.js fixes its start from the first playlist; the time to the first frame would stay as delay.
      hasStarted = true;
      const holdBack = details.partHoldBack || details.holdBack;
      if (holdBack > 0) hls.targetLatency = startDistance(holdBack);
      const begun = handOver?.();
      if (begun) goOnWith(begun, hls, details.partList ?? []);
      begunUrls = begun?.urls ?? [];
    }
    mendReports(details.renditionReports ?? []);
    markBuffered(details.partList ?? [], begunUrls);
    mendParts(details.partList ?? []);
    if (details.live && details.advanced) events.onEdge(details.edge + details.ageHeader, details.endCC);
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    isGoneOn = true;
    if (lockLater !== null) hls.loadLevel = lockLater;
    lockLater = null;
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_event, { level }) => events.onLevel(level));
  hls.on(Hls.Events.ERROR, (_event, { fatal, response }) => {
    // A rendition that is no longer made: the ladder has changed, perhaps its tracks too, and only a new multivariant playlist
    // tells. The same goes for media that does not fit the buffers; hls.js's own recovery would keep the old ladder.
    if (fatal || response?.code === GONE) events.onFatal(response?.code ?? 0);
  });

  const handOver = attach(hls, video, pass() === null);
  hls.loadSource(url);

  return {
    hls,
    targetSeconds() {
      const details = hls.latestLevelDetails;
      return details === null ? null : details.partHoldBack || details.holdBack || details.targetduration * 3;
    },
    lock(index) {
      if (handOver && !isGoneOn) lockLater = index;
      // loadLevel, not nextLevel: what is buffered (a second) plays on, nothing is flushed.
      else hls.loadLevel = index;
    },
    destroy: () => hls.destroy(),
  };
}
